// Behaviour: k8s.io/apiserver/pkg/admission/plugin/cel (compile.go, activation.go, composition.go): expressions about requests.
import type { Environment } from "../../../api/cel/environment.ts";
import { CelCompileError, CelEvaluationError, type CelExpression, compileExpression } from "../../../api/cel/expression.ts";
import { structsAsMaps } from "../../../api/cel/struct-literals.ts";
import type { Namespace } from "../../../api/generated/types/core/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { namespaces } from "../../../api/resource-refs.ts";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { AdmissionRequest } from "../admission.ts";
import type { MatchedVersion } from "../request-matching.ts";
import { reviewedRequest, shown } from "../webhooks/admission-review.ts";
import { AuthorizerValue } from "./authorizer.ts";
import { REQUEST_VARIABLES, requestEnvironment } from "./environment.ts";
import { toCel } from "./values.ts";

/** An expression came to no value; the message says which and why. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/** A compiled expression, or why it does not compile. */
export interface RequestExpression {
  readonly source: string;
  readonly type: string;
  readonly compileError: string | undefined;
  /** Throws an ExpressionError. */
  evaluate(variables: RequestVariables): unknown;
}

/** The values of an expression's variables, made when they are asked for. */
export type RequestVariables = Readonly<Record<string, unknown>>;

/** A named value that expressions reach as `variables.name`. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** Compiles the expressions of a policy or of a webhook; those of its variables are evaluated once a request, when asked for. */
export class RequestCompiler {
  private readonly environment: Environment;
  private readonly named: { readonly name: string; readonly expression: RequestExpression }[];

  constructor(variables: readonly NamedExpression[] = []) {
    this.environment = requestEnvironment(REQUEST_VARIABLES);
    this.named = variables.map(({ name, expression }) => ({ name, expression: this.compile(expression) }));
  }

  compile(source: string): RequestExpression {
    try {
      const compiled = compileExpression(this.environment, structsAsMaps(source));
      return { source, type: compiled.type, compileError: undefined, evaluate: (variables) => evaluate(source, compiled, variables) };
    } catch (error) {
      if (!(error instanceof CelCompileError)) throw error;
      const compileError = `compilation error: compilation failed: ${error.message}`;
      const fail = () => {
        throw new ExpressionError(compileError);
      };
      return { source, type: "dyn", compileError, evaluate: fail };
    }
  }

  /** The variables of one evaluation. */
  bind(request: AdmissionRequest, matched: MatchedVersion, authorizer: Authorizer, params?: KubernetesObject): RequestVariables {
    const { object, old, context } = request;
    const values: Record<string, unknown> = {};
    lazily(values, "object", () => (object === undefined ? null : toCel(shown(request, matched, object))));
    lazily(values, "oldObject", () => (old === undefined ? null : toCel(shown(request, matched, old))));
    lazily(values, "request", () => toCel(reviewedRequest(request, matched)));
    lazily(values, "params", () => toCel(params));
    lazily(values, "namespaceObject", () => namespaceValue(request));
    lazily(values, "authorizer", () => {
      const { resource, subresource, namespace } = request;
      return new AuthorizerValue(authorizer, context.user, { group: resource.group, resource: resource.resource, subresource, namespace, name: request.name || (object?.metadata?.name ?? "") });
    });
    const named: Record<string, unknown> = {};
    for (const { name, expression } of this.named) {
      lazily(named, name, () => {
        try {
          return expression.evaluate(values);
        } catch (error) {
          throw new CelEvaluationError(`composited variable ${JSON.stringify(name)} fails to evaluate: ${reasonOf(error)}`);
        }
      });
    }
    values["variables"] = named;
    return values;
  }
}

function evaluate(source: string, compiled: CelExpression, variables: RequestVariables): unknown {
  try {
    return compiled.evaluate(variables);
  } catch (error) {
    throw new ExpressionError(`expression '${source}' resulted in error: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The reason alone, where the message already says which expression failed. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^expression '[\s\S]*' resulted in error: /, "");
}

function namespaceValue({ context, namespace, resource }: AdmissionRequest): unknown {
  if (namespace === "" || (resource.group === "" && resource.resource === "namespaces")) return null;
  const found = context.lookup<Namespace & KubernetesObject>(namespaces, "", namespace);
  if (found === undefined) return null;
  const { managedFields: _managedFields, ownerReferences: _ownerReferences, ...metadata } = found.metadata;
  return toCel({ metadata, spec: found.spec, status: found.status });
}

function lazily(target: Record<string, unknown>, name: string, make: () => unknown): void {
  let value: unknown;
  let isMade = false;
  Object.defineProperty(target, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      if (!isMade) {
        value = make();
        isMade = true;
      }
      return value;
    },
  });
}

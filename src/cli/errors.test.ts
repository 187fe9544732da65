import { expect, it } from "vitest";
import { StatusError, invalid, notFound, unauthorized } from "../api/errors.ts";
import { FieldPath, requiredValue } from "../api/field-errors.ts";
import { ConnectionError } from "../client/connection-error.ts";
import { CommandError, ErrorList, ExitError, NoResourceMatchError, UsageError, endingOf } from "./errors.ts";

const pods = { group: "", resource: "pods" };
const message = (error: unknown) => endingOf(error, "kubectl get").message;

it("prints each kind of failure as kubectl does", () => {
  expect(message(notFound(pods, "x"))).toBe('Error from server (NotFound): pods "x" not found\n');
  expect(message(unauthorized())).toBe("error: You must be logged in to the server (Unauthorized)\n");
  expect(message(new StatusError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: "boom", code: 500 }))).toBe("Error from server: boom\n");
  expect(message(new CommandError("no"))).toBe("error: no\n");
  expect(message(new UsageError("no"))).toBe("error: no\nSee 'kubectl get -h' for help and examples\n");
  expect(message(new NoResourceMatchError({ resource: "x", group: "g" }))).toBe('the server doesn\'t have a resource type "x" in group "g"\n');
  expect(message(new ConnectionError("GET", "https://a:6443/api", "ECONNREFUSED", "refused"))).toBe("The connection to the server a:6443 was refused - did you specify the right host or port?\n");
  expect(message(new ConnectionError("GET", "https://a:6443/api", "ENOTFOUND", "no such host"))).toBe("Unable to connect to the server: no such host\n");
});

it("prints the causes of an invalid object, each once", () => {
  const kind = { group: "apps", kind: "Deployment" };
  const missing = requiredValue(new FieldPath("spec").child("selector"), "");
  expect(message(invalid(kind, "web", [missing]))).toBe('The Deployment "web" is invalid: spec.selector: Required value\n');
  expect(message(invalid(kind, "web", [missing, missing, requiredValue(new FieldPath("spec").child("template"), "")]))).toBe(
    'The Deployment "web" is invalid: \n* spec.selector: Required value\n* spec.template: Required value\n',
  );
});

it("prints several failures on lines of their own, without error: before plain ones", () => {
  expect(message(new ErrorList([notFound(pods, "a"), new CommandError("no")]))).toBe('Error from server (NotFound): pods "a" not found\nno\n');
  expect(message(new ErrorList([new CommandError("no")]))).toBe("error: no\n");
});

it("ends with the exit code that was asked for", () => {
  expect(endingOf(new ExitError(3), "kubectl diff")).toEqual({ message: "", exitCode: 3 });
});

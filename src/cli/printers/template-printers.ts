// Behaviour: k8s.io/cli-runtime/pkg/{printers,genericclioptions}: -o jsonpath, go-template and their file forms.
import { readFileSync } from "node:fs";
import { CommandError, PrintError, messageOf } from "../errors.ts";
import { GoTemplate } from "./go-template.ts";
import { goSyntax, goText } from "./go-values.ts";
import { compactJson } from "./json.ts";
import { JsonPath } from "./jsonpath.ts";
import type { ObjectPrinter } from "./printer.ts";
import { type Printable, isEvent } from "./table.ts";

/** -o jsonpath (or jsonpath-as-json). */
export function jsonPathPrinter(template: string, allowMissingKeys: boolean, asJson: boolean): ObjectPrinter {
  let path: JsonPath;
  try {
    path = new JsonPath(template, allowMissingKeys);
  } catch (error) {
    throw new CommandError(`error parsing jsonpath ${template}, ${messageOf(error)}`);
  }
  return {
    print(object) {
      try {
        return asJson ? path.printAsJson(dataOf(object)) : path.print(dataOf(object));
      } catch (error) {
        const given = `\tobject given to jsonpath engine was:\n\t\t${goSyntax(dataOf(object))}\n\n`;
        throw new CommandError(`error executing jsonpath ${JSON.stringify(template)}: ${diagnosis(messageOf(error), template)}${given}\n`);
      }
    },
  };
}

/** -o go-template. */
export function goTemplatePrinter(template: string, allowMissingKeys: boolean): ObjectPrinter {
  let parsed: GoTemplate;
  try {
    parsed = new GoTemplate(template, allowMissingKeys);
  } catch (error) {
    throw new CommandError(`error parsing template ${template}, ${messageOf(error)}`);
  }
  return {
    print(object) {
      const out: string[] = [];
      try {
        parsed.execute(dataOf(object), (text) => out.push(text));
        return out.join("");
      } catch (error) {
        const data = dataOf(object);
        const raw = `\traw data was:\n\t\t${compactJson(data)}\n\tobject given to template engine was:\n\t\t${goText(data)}\n\n`;
        out.push(diagnosis(messageOf(error), template), raw);
        throw new PrintError(`error executing template ${JSON.stringify(template)}: ${messageOf(error)}`, out.join(""));
      }
    },
  };
}

function diagnosis(problem: string, template: string): string {
  return `Error executing template: ${problem}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n`;
}

/** The text of a template file. */
export function readTemplate(path: string, flag = "--template"): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new CommandError(`error reading ${flag} ${path}, open ${path}: no such file or directory`);
  }
}

function dataOf(printable: Printable): unknown {
  return isEvent(printable) ? { type: printable.type, object: printable.object } : printable;
}

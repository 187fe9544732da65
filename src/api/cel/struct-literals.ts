// Behaviour: the types Object and JSONPatch of k8s.io/apiserver/pkg/cel/mutation: their values are maps here.

/** A string, a comment, or the name of a type with the brace that opens a value of it. */
const TOKENS = /r?"""[\s\S]*?"""|r?'''[\s\S]*?'''|r?"(?:\\.|[^"\\])*"|r?'(?:\\.|[^'\\])*'|\/\/[^\n]*|\b(?:Object(?:\.[A-Za-z_]\w*)*|JSONPatch)\s*\{|[{}()[\],:?]|[A-Za-z_`][\w`]*|\s+|./g;

/** Rewrites values of those types as maps: `Object{metadata: ...}` becomes `{"metadata": ...}`. */
export function structsAsMaps(expression: string): string {
  if (!/\b(Object|JSONPatch)\b/.test(expression)) return expression;
  const open: ("struct" | "other")[] = [];
  let text = "";
  let expectsName = false;
  for (const [token] of expression.matchAll(TOKENS)) {
    if (/^(Object|JSONPatch)[^"']*\{$/.test(token)) {
      open.push("struct");
      expectsName = true;
      text += "{";
    } else if (expectsName && /^[A-Za-z_`]/.test(token)) {
      text += JSON.stringify(token.replaceAll("`", ""));
      expectsName = false;
    } else {
      if ("{([".includes(token)) open.push("other");
      else if ("})]".includes(token)) open.pop();
      if (token === ",") expectsName = open.at(-1) === "struct";
      else if (token.trim() !== "" && !token.startsWith("//") && token !== "?") expectsName = false;
      text += token;
    }
  }
  return text;
}

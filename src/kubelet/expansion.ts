// Behaviour: third_party/forked/golang/expansion: $(VAR) references, with $$ for a dollar sign.

/** Replaces every $(NAME) that `lookup` knows; unknown ones stay as they are. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  let result = "";
  let index = 0;
  while (index < text.length) {
    const character = text[index] ?? "";
    if (character !== "$" || index + 1 >= text.length) {
      result += character;
      index++;
      continue;
    }
    const next = text[index + 1];
    const end = next === "(" ? text.indexOf(")", index + 2) : -1;
    if (next === "$") {
      result += "$";
      index += 2;
    } else if (end >= 0) {
      const name = text.slice(index + 2, end);
      result += lookup(name) ?? `$(${name})`;
      index = end + 1;
    } else {
      result += next === "(" ? "$(" : `$${next ?? ""}`;
      index += 2;
    }
  }
  return result;
}

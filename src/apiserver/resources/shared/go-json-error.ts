// Behaviour: Go's encoding/json, in what it says of a text that is not a JSON object.

/** What Go says when it decodes a text into a map; undefined when it is a JSON object. */
export function goJSONError(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && !Array.isArray(value)) return undefined;
    const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    return `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  } catch {
    const trimmed = text.trim();
    if (trimmed === "" || (/^[[{"]/.test(trimmed) && !/[\]}"]$/.test(trimmed))) return "unexpected end of JSON input";
    return `invalid character ${quoteCharacter(trimmed[0] ?? "")} looking for beginning of ${trimmed.startsWith("{") ? "object key string" : "value"}`;
  }
}

function quoteCharacter(character: string): string {
  return character === "'" ? "'\\''" : `'${character}'`;
}

// Shell completion: a short script a shell, which asks the hidden command __complete for the words that fit.
import { defineCommand } from "../command.ts";
import { UsageError } from "../errors.ts";

const SCRIPTS: Readonly<Record<string, (program: string) => string>> = {
  bash: (program) => `# ${program} completion for bash: source <(${program} completion bash)
_${program}_complete() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(${program} __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=/] ]] && compopt -o nospace
}
complete -o default -F _${program}_complete ${program}
`,
  zsh: (program) => `#compdef ${program}
# ${program} completion for zsh: source <(${program} completion zsh)
_${program}() {
  local -a words_found
  words_found=("\${(@f)$(${program} __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "\${words_found[1]}" ]] && compadd -a words_found || _files
}
compdef _${program} ${program}
`,
  fish: (program) => `# ${program} completion for fish: ${program} completion fish | source
function __${program}_complete
  set -l words (commandline -opc) (commandline -ct)
  ${program} __complete $words[2..-1] 2>/dev/null
end
complete -c ${program} -f -a '(__${program}_complete)'
`,
};

export default defineCommand({
  use: "completion SHELL",
  summary: "Output shell completion code for the specified shell (bash, zsh or fish)",
  description: "The code is to be read by the shell at its start.",
  examples: `
    # Bash, in this shell
    source <(kubectl completion bash)`,
  flags: {},
  toOptions(factory, args) {
    const [shell] = args;
    if (shell === undefined) throw new UsageError("Shell not specified.");
    if (args.length > 1) throw new UsageError("Too many arguments. Expected only the shell type.");
    const script = SCRIPTS[shell];
    if (script === undefined) throw new UsageError(`Unsupported shell type ${JSON.stringify(shell)}.`);
    return script(factory.program);
  },
  run(text, io) {
    io.out(text);
    return Promise.resolve();
  },
});

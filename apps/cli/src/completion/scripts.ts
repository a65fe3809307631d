/** What a shell runs to ask this command for what may follow. The shells' own file names follow where it knows nothing. */

const BASH = `# windrow: eval "$(windrow completion bash)"
_windrow() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(windrow __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _windrow windrow
`;

const ZSH = `#compdef windrow
# windrow: eval "$(windrow completion zsh)"
_windrow() {
  local -a found
  found=("\${(@f)$(windrow __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( \${#found} )); then compadd -- "\${found[@]}"; else _files; fi
}
compdef _windrow windrow
`;

const FISH = `# windrow: windrow completion fish | source
function __windrow_complete
  set -l words (commandline -opc) (commandline -ct)
  windrow __complete -- $words[2..-1] 2>/dev/null
end
complete -c windrow -a '(__windrow_complete)'
`;

export const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

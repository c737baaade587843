namespace Village.Commands.Completion;

/// <summary>
/// What a shell needs to ask <c>village complete</c>. Each line of its answer is a word, a tab and what is said of it; the line
/// <c>:files</c> asks for names of files. Words are data: nothing of them is evaluated.
/// </summary>
internal static class CompletionScripts
{
    /// <summary>The shells.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script of a shell; null for one that is not known.</summary>
    public static string? For(string shell) => shell switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => null };

    // bash takes ':' and '=' for ends of words: they are put together again, and the answer is cut at the last of them.
    private const string Bash = """
        # Completion of village for bash:  source <(village completion bash)
        _village() {
          local word about quoted head glue= words=()
          for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
            if [ ${#words[@]} -gt 0 ] && { [ -n "$glue" ] || [[ $word == [:=]* ]]; }; then words[-1]+=$word; else words+=("$word"); fi
            if [[ $word == *[:=] ]]; then glue=1; else glue=; fi
          done
          words[-1]=${words[-1]//\\/}
          head=${words[-1]%"${words[-1]##*[:=]}"}
          COMPREPLY=()
          while IFS=$'\t' read -r word about; do
            if [ "$word" = :files ]; then compopt -o default; continue; fi
            printf -v quoted %q "${word#"$head"}"
            COMPREPLY+=("$quoted")
          done < <("$1" complete -- "${words[@]}" 2>/dev/null)
        }
        complete -o nosort -F _village village

        """;

    private const string Zsh = """
        #compdef village
        # Completion of village for zsh:  source <(village completion zsh)
        _village() {
          local word about files
          local -a values shown
          while IFS=$'\t' read -r word about; do
            if [[ $word == :files ]]; then files=1; continue; fi
            values+=("$word")
            shown+=("$word${about:+  -- $about}")
          done < <("${words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
          [[ -z $files ]] || _files
          (( ${#values} == 0 )) || compadd -l -V village -d shown -a values
        }
        if [[ ${funcstack[1]} == _village ]]; then _village "$@"; else compdef _village village; fi

        """;

    private const string Fish = """
        # Completion of village for fish:  village completion fish | source
        function __village_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            for line in ($words[1] complete -- $words[2..] "$current" 2>/dev/null)
                if test "$line" = :files
                    __fish_complete_path "$current"
                else
                    echo -- $line
                end
            end
        end
        complete -c village -f -k -a '(__village_complete)'

        """;
}

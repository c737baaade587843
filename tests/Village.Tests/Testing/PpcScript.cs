namespace Village.Tests.Testing;

/// <summary>A stand-in for PPC, which is in no package registry: does what PPC v0.5.1 was seen to do, exit codes and words included.</summary>
internal static class PpcScript
{
    extension(TestVillage village)
    {
        /// <summary>Puts <c>ppc</c> on the PATH, and modules for the modes <c>explore</c> and <c>build</c> and the format <c>markdown</c> into the repository.</summary>
        public void InstallPpc()
        {
            village.Agent("ppc", """
                if [ "$*" = --version ]; then echo "ppc version v0.5.1"; exit 0; fi
                fail() { printf '%s\n' "$2" >&2; exit "$1"; }
                case $1 in explore | build | ship) mode=$1; shift ;; *) fail 1 "Usage: ppc <explore|build|ship> [flags]" ;; esac
                [ -f prompts/rules.yml ] || fail 2 "merge error: loading rules prompts/rules.yml: missing rules file"
                tone= format=
                while [ $# -gt 0 ]; do
                  case $1 in
                    --contract) format=$2; shift ;;
                    --terse | --verbose) [ -z "$tone" ] || fail 2 'merge error: conflicting tags in group "tone"'; tone=$1 ;;
                    --conservative | --creative) ;;
                    *) fail 2 "flag provided but not defined: -${1#--}" ;;
                  esac
                  shift
                done
                for module in "modes/$mode" "contracts/$format"; do
                  [ -f "prompts/$module.md" ] || fail 2 "compile error: required module not found: $module"
                done
                echo "warning: unresolved variable: x" >&2
                cat prompts/base.md "prompts/modes/$mode.md" "prompts/contracts/$format.md"
                """);
            village.WritePrompt("rules.yml", "groups: {}");
            village.WritePrompt("base.md", "You are careful with {title}.");
            village.WritePrompt("modes/explore.md", "Look around.");
            village.WritePrompt("modes/build.md", "Build it.");
            village.WritePrompt("contracts/markdown.md", "Answer in Markdown.");
        }

        private void WritePrompt(string name, string text)
        {
            var path = Path.Combine(village.Root, "prompts", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text + "\n");
        }
    }
}

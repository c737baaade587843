using Village.Tasks;

namespace Village.Agents;

/// <summary>Names of tmux windows: <c>build-1-bd-a3f8</c> is agent, attempt, task.</summary>
public static class WindowName
{
    /// <summary>The name; only letters, digits, '.', '_' and '-', which every tmux takes.</summary>
    public static string For(string agent, int attempt, TaskId task) =>
        $"{new string([.. agent.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')])}-{attempt}-{task}";
}

using System.Globalization;
using System.Text;
using Village.Tests.Testing;

namespace Village.Tests.Proofs;

/// <summary>What must be the same again when everything was undone.</summary>
internal sealed partial class Town
{
    // Files with modes, stages and HEADs of the workspaces; refs but for the trash; locks and states.
    private string Picture()
    {
        var text = new StringBuilder();
        foreach (var workspace in Workspaces())
        {
            if (isJj)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Path.GetFileName(workspace)} on {Jj(Path.GetFileName(workspace), "log", "--no-graph", "-r", "@-", "-T", "commit_id")}\n");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"{Path.GetFileName(workspace)} on {village.TryTool("git", "-C", workspace, "symbolic-ref", "HEAD").Out} {village.Tool("git", "-C", workspace, "rev-parse", "HEAD")}");
                text.Append(village.Tool("git", "-C", workspace, "ls-files", "-s"));
            }

            foreach (var file in Files(workspace))
            {
                var mode = new FileInfo(file).LinkTarget is not null ? "link" : (File.GetUnixFileMode(file) & UnixFileMode.UserExecute).ToString();
                text.Append(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(workspace, file)} {mode} {Blob(Bytes(file))}\n");
            }
        }

        text.AppendJoin('\n', village.Git("for-each-ref").Split('\n').Where(line => !line.Contains("refs/village/trash/", StringComparison.Ordinal) && !line.Contains("refs/jj/keep/", StringComparison.Ordinal))).Append('\n');
        foreach (var task in tasks)
        {
            text.Append(CultureInfo.InvariantCulture, $"{task} {village.LoggedState(task)} {string.Join(' ', village.Lease(task).Where(pair => pair.Key is not "generation"))}\n");
        }

        return text.ToString();
    }
}

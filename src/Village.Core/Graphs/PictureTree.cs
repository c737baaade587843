using Village.Tasks;

namespace Village.Graphs;

/// <summary>What a line of a tree says besides its task.</summary>
public enum TreeMark
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The task stands further up, with what is below it.</summary>
    Above,

    /// <summary>The task is one of those that this line stands below: they wait for each other.</summary>
    Circle,
}

/// <summary>One line of a tree.</summary>
/// <param name="Node">The task.</param>
/// <param name="Branches">What is drawn before it: <c>│   └── </c>.</param>
/// <param name="IsForChildren">Whether the task above waits for the children of this one.</param>
/// <param name="Mark">Whether it has been shown before.</param>
public sealed record TreeLine(PictureNode Node, string Branches, bool IsForChildren, TreeMark Mark);

/// <summary>
/// A picture as a tree: below each task stands what must be done before it. A task that is needed twice stands once and is then referred
/// to, so the tree is as long as the graph has edges. Never recurses.
/// </summary>
public static class PictureTree
{
    /// <summary>
    /// The lines, in order. What is drawn before a task is at most <paramref name="width"/> long: of a chain that is deeper, the near end
    /// is shown.
    /// </summary>
    public static IEnumerable<TreeLine> Lines(TaskPicture picture, int width)
    {
        var below = new Below(picture.Nodes.Count, picture.Edges);
        var isShown = new bool[picture.Nodes.Count];

        // What only waits in circles is below something in any case; it comes last, each circle from its first task.
        var tops = picture.Roots is not [] ? picture.Roots : below.Tops().Concat(Enumerable.Range(0, isShown.Length));
        foreach (var top in tops)
        {
            if (!isShown[top])
            {
                foreach (var line in From(top, picture, below, isShown, width))
                {
                    yield return line;
                }
            }
        }
    }

    private static IEnumerable<TreeLine> From(int top, TaskPicture picture, Below below, bool[] isShown, int width)
    {
        Stack<(int Place, int Depth, string Branch, string Indent, string Type)> next = new([(top, 0, "", "", "")]);
        List<int> path = [];
        HashSet<int> above = [];
        while (next.TryPop(out var here))
        {
            for (; path.Count > here.Depth; path.RemoveAt(path.Count - 1))
            {
                above.Remove(path[^1]);
            }

            var mark = above.Contains(here.Place) ? TreeMark.Circle : isShown[here.Place] ? TreeMark.Above : TreeMark.None;
            yield return new(picture.Nodes[here.Place], here.Branch, here.Type is DependencyType.WaitsFor, mark);
            if (mark is not TreeMark.None)
            {
                continue;
            }

            isShown[here.Place] = true;
            path.Add(here.Place);
            above.Add(here.Place);
            foreach (var (i, arc) in below[here.Place].Index().Reverse())
            {
                var isLast = i == below[here.Place].Count - 1;
                next.Push((arc.Place, here.Depth + 1, Cut(here.Indent + (isLast ? "└── " : "├── "), width), Cut(here.Indent + (isLast ? "    " : "│   "), width), arc.Type));
            }
        }
    }

    // In whole steps, so that the lines stay below each other.
    private static string Cut(string branches, int width) => branches.Length <= width || branches.Length < 8 ? branches : $"…   {branches[8..]}";
}

namespace Village.Dashboard;

/// <summary>A column that wants a place.</summary>
/// <param name="Rank">0 for the one that is most wanted.</param>
/// <param name="Least">The least width that is of use.</param>
/// <param name="Usual">The width that it should have before a column of the next kind gets any.</param>
/// <param name="Full">The width that cuts nothing.</param>
/// <param name="IsExtra">Whether it is of the second kind: shown only where all others have their usual width.</param>
public readonly record struct Column(int Rank, int Least, int Usual, int Full, bool IsExtra);

/// <summary>Which columns fit on a screen, and how wide they are.</summary>
public static class Columns
{
    /// <summary>The blanks between two columns.</summary>
    public const int Gap = 2;

    /// <summary>The width of each column; 0 for one that has no place. With their gaps they are never wider than <paramref name="width"/>.</summary>
    public static IReadOnlyList<int> Fit(IReadOnlyList<Column> columns, int width)
    {
        var widths = new int[columns.Count];
        var left = width + Gap;
        var ranked = columns.Index().OrderBy(row => row.Item.IsExtra).ThenBy(row => row.Item.Rank).ToList();
        foreach (var kind in new[] { ranked.Where(row => !row.Item.IsExtra), ranked.Where(row => row.Item.IsExtra) })
        {
            if (!Place(kind))
            {
                break;
            }

            Widen(kind, column => Math.Min(column.Usual, column.Full));
        }

        Widen(ranked, column => column.Full);
        return widths;

        bool Place(IEnumerable<(int Index, Column Item)> some)
        {
            foreach (var (i, column) in some)
            {
                var needs = Math.Min(column.Least, column.Full) + Gap;
                if (needs > left)
                {
                    return false;
                }

                widths[i] = needs - Gap;
                left -= needs;
            }

            return true;
        }

        void Widen(IEnumerable<(int Index, Column Item)> some, Func<Column, int> to)
        {
            foreach (var (i, column) in some.Where(row => widths[row.Index] > 0))
            {
                var more = Math.Clamp(to(column) - widths[i], 0, left);
                widths[i] += more;
                left -= more;
            }
        }
    }
}

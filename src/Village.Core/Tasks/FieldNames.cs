using System.Text;

namespace Village.Tasks;

/// <summary>Names in their usual order, found without making a string.</summary>
internal sealed class FieldNames(string[] names)
{
    private readonly byte[][] utf8 = Array.ConvertAll(names, Encoding.UTF8.GetBytes);

    /// <summary>
    /// The name of these bytes, or null. Fields mostly come in order, so the search begins at <paramref name="place"/>, and leaves
    /// there where the next one is to be expected.
    /// </summary>
    public string? Find(ReadOnlySpan<byte> text, ref int place)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var candidate = place + i < names.Length ? place + i : place + i - names.Length;
            if (text.SequenceEqual(utf8[candidate]))
            {
                place = candidate + 1;
                return names[candidate];
            }
        }

        return null;
    }
}

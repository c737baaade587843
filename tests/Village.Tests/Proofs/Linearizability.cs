using System.Numerics;

namespace Village.Tests.Proofs;

/// <summary>One act as it was seen from outside: when it was asked for, when it had answered, and what.</summary>
/// <param name="Id">Its number; a claim's is the name of its holder.</param>
/// <param name="Act">What was asked for.</param>
/// <param name="Asked">A tick before the call.</param>
/// <param name="Answered">A tick after it.</param>
/// <param name="Answer">What it answered.</param>
internal sealed record Seen<TAct>(int Id, TAct Act, long Asked, long Answered, string Answer);

/// <summary>
/// Looks for an order in which acts that ran at once could have run one after the other, each taking its effect between its
/// question and its answer (Wing and Gong's search, with Lowe's memory of where it has been).
/// </summary>
internal static class Linearizability
{
    /// <summary>Such an order, or null when there is none: then something happened that no one-at-a-time store can do.</summary>
    /// <param name="first">The state before all acts; compared by value.</param>
    /// <param name="acts">At most 64.</param>
    /// <param name="apply">The state after an act and what the act answers there.</param>
    public static IReadOnlyList<Seen<TAct>>? Order<TState, TAct>(
        TState first, IReadOnlyList<Seen<TAct>> acts, Func<TState, Seen<TAct>, (TState State, string Answer)> apply)
        where TState : IEquatable<TState>
    {
        if (acts.Count > 64)
        {
            throw new ArgumentException("one word of bits holds which acts are done", nameof(acts));
        }

        var all = acts.Count is 64 ? ulong.MaxValue : (1UL << acts.Count) - 1;
        HashSet<(ulong, TState)> beaten = [];
        Stack<Seen<TAct>> order = [];
        return Search(first, 0) ? [.. order.Reverse()] : null;

        bool Search(TState state, ulong done)
        {
            if (done == all)
            {
                return true;
            }

            if (!beaten.Add((done, state)))
            {
                return false;
            }

            // What was asked for after another one had answered cannot come before it.
            var earliest = acts.Where((_, i) => (done >> i & 1) is 0).Min(act => act.Answered);
            for (var left = all & ~done; left is not 0; left &= left - 1)
            {
                var i = BitOperations.TrailingZeroCount(left);
                if (acts[i].Asked > earliest)
                {
                    continue;
                }

                var (next, answer) = apply(state, acts[i]);
                if (answer != acts[i].Answer)
                {
                    continue;
                }

                order.Push(acts[i]);
                if (Search(next, done | 1UL << i))
                {
                    return true;
                }

                order.Pop();
            }

            return false;
        }
    }
}

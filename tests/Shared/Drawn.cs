using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;

namespace Modestano.Tests.Shared;

/// <summary>
/// Property tests on seeded draws: the same draws in every run, so that a run says something about the code and not about luck.
/// `MODESTANO_DRAWS` (a number, 1 where it is not set) chooses other draws: `make explore` sets it to the time.
/// </summary>
internal static class Drawn
{
    private static readonly uint Stream = uint.Parse(Environment.GetEnvironmentVariable("MODESTANO_DRAWS") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>
    /// Asserts on <paramref name="draws"/> values of <paramref name="values"/>.
    /// A value that fails is tried again by CsCheck from its seed, which makes it smaller and names the seed.
    /// </summary>
    public static void Holds<T>(this Gen<T> values, Action<T> assertion, int draws = 100, Func<T, string>? print = null)
    {
        var failures = new ConcurrentQueue<(ulong Draw, string Seed, Exception Thrown)>();
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (draw, loop) =>
        {
            var random = new PCG(Stream, (ulong)draw);
            var seed = random.ToString();
            try
            {
                assertion(values.Generate(random, null!, out _));
            }
            catch (Exception e)
            {
                failures.Enqueue(((ulong)draw, seed, e));
                loop.Stop();
            }
        });

        if (failures.OrderBy(f => f.Draw).FirstOrDefault() is not { Thrown: { } thrown } first)
        {
            return;
        }

        values.Sample(assertion, seed: first.Seed, iter: 200, threads: 1, print: print);
        throw new InvalidOperationException($"Draw {first.Draw} of stream {Stream} (seed {first.Seed}) failed once and not again: the test depends on more than what is drawn.", thrown);
    }

    /// <inheritdoc cref="Holds{T}(Gen{T}, Action{T}, int, Func{T, string}?)"/>
    public static void Holds<T1, T2>(this Gen<(T1, T2)> values, Action<T1, T2> assertion, int draws = 100) => values.Holds(v => assertion(v.Item1, v.Item2), draws);

    /// <inheritdoc cref="Holds{T}(Gen{T}, Action{T}, int, Func{T, string}?)"/>
    public static void Holds<T1, T2, T3>(this Gen<(T1, T2, T3)> values, Action<T1, T2, T3> assertion, int draws = 100) => values.Holds(v => assertion(v.Item1, v.Item2, v.Item3), draws);

    /// <inheritdoc cref="Holds{T}(Gen{T}, Action{T}, int, Func{T, string}?)"/>
    public static void Holds<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> values, Action<T1, T2, T3, T4> assertion, int draws = 100) => values.Holds(v => assertion(v.Item1, v.Item2, v.Item3, v.Item4), draws);
}

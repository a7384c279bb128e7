using Modestano.Testbed.Mongo.Model;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>A member that stops to answer in the middle of a pass, whatever the pass is at, costs it a bounded time: the next look comes, and status tells of it.</summary>
public sealed class FrozenMemberScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;
    private const string London = ReplicaSetWorld.London;

    /// <summary>A pass that only looks: a question that the member does not answer, and one that follows when it was asked alone.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromSeconds(6);

    /// <summary>A pass that takes a step: the step's own limit, the wait for a new primary, and the look before.</summary>
    private static readonly TimeSpan OneStep = TimeSpan.FromSeconds(32);

    private SynchronizationContext? _before;

    [SetUp]
    public void Remember() => _before = SynchronizationContext.Current;

    [TearDown]
    public void Restore() => SynchronizationContext.SetSynchronizationContext(_before);

    [Test]
    public void A_member_that_freezes_at_whatever_moment_holds_up_a_look_by_seconds_and_a_step_by_no_more_than_its_limit([Values("a secondary", "a newcomer", "the primary")] string which)
    {
        // A pass asks some twenty questions of a member; each moment is another one that gets no answer.
        for (var moment = 0; moment < 24; moment++)
        {
            using var world = new ReplicaSetWorld(seed: moment + 1);
            SynchronizationContext.SetSynchronizationContext(new LoopContext(world.Network.Loop));
            world.InitiateIreland();
            world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
            world.RunUntilSettled();
            Freeze(world, moment, which switch
            {
                "the primary" => world.Network.Find(world.Primary!)!,
                "a newcomer" => world.Member(London, 'b'),
                _ => world.Network.Find(ReplicaSetWorld.Hosts(Ireland).First(h => h != world.Primary))!,
            });
        }
    }

    private static void Freeze(ReplicaSetWorld world, int moment, SimulatedMember frozen)
    {
        var (begun, passes, sent, tooLong) = (TimeSpan.Zero, 0, 0, "");
        world.PassBegins += () =>
        {
            (begun, sent) = (world.Network.Loop.Elapsed, world.Calls.Sent.Count);
            if (passes++ == moment % 6)
            {
                world.Network.Loop.Schedule(TimeSpan.FromMilliseconds(moment * 4.3), frozen.Pause);
            }
        };
        world.PassEnded += _ =>
        {
            var (took, steps) = (world.Network.Loop.Elapsed - begun, world.Calls.Sent.Skip(sent).Select(c => c.GetElement(0).Name).ToList());
            tooLong += took > (steps.Count == 0 ? OneLook : OneStep) ? $" {took.TotalSeconds:F1} s with {string.Join(' ', steps)};" : "";
        };
        world.Apply(moment % 2 == 0 ? London : Ireland);
        world.RunFor(60);

        Assert.That(tooLong, Is.Empty, $"moment {moment}, {frozen.Host}\n{world.Story()}");
        Assert.That(world.Status.ObservedGeneration, Is.EqualTo(world.Entity.Metadata.Generation), $"moment {moment}");
        Assert.That(world.Status.Members!.Single(m => m.Host == frozen.Host).Healthy, Is.Not.True, $"moment {moment}, {frozen.Host}\n{world.Story()}");
    }
}

using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Tests.Runtime;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EntityCacheTests
{
    private readonly EntityCache<Widget> _cache = new();
    private readonly List<EntityChange<Widget>> _changes = [];

    [SetUp]
    public void Listen() => _cache.Changed += _changes.Add;

    [Test]
    public void An_object_that_comes_again_unchanged_is_no_change()
    {
        Watch("a", "1");
        Watch("a", "1");
        Assert.That(_changes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_own_write_is_seen_before_the_watch_delivers_it()
    {
        Watch("a", "1");
        await _cache.WriteAsync(Widget.Key("a"), "1", () => Task.FromResult(Widget.Of("a", "2")));

        Assert.That(_cache.Find(Widget.Key("a"))!.Metadata.ResourceVersion, Is.EqualTo("2"));
        Assert.That(_changes[^1].OwnStatusWrite, Is.True);
    }

    [Test]
    public async Task The_watch_s_echo_of_own_writes_changes_nothing_and_never_goes_back()
    {
        Watch("a", "1");
        await _cache.WriteAsync(Widget.Key("a"), "1", () => Task.FromResult(Widget.Of("a", "2")));
        await _cache.WriteAsync(Widget.Key("a"), "2", () => Task.FromResult(Widget.Of("a", "3")));
        _changes.Clear();

        Watch("a", "2");
        Assert.That(_cache.Find(Widget.Key("a"))!.Metadata.ResourceVersion, Is.EqualTo("3"));
        Watch("a", "3");
        Assert.That(_changes, Is.Empty);

        Watch("a", "4");
        Assert.That(_changes, Has.Count.EqualTo(1));
        Assert.That(_changes[0].OwnStatusWrite, Is.False);
    }

    [Test]
    public async Task An_own_write_does_not_replace_what_the_watch_delivered_after_it()
    {
        Watch("a", "1");
        Watch("a", "3");
        await _cache.WriteAsync(Widget.Key("a"), "1", () => Task.FromResult(Widget.Of("a", "2")));
        Assert.That(_cache.Find(Widget.Key("a"))!.Metadata.ResourceVersion, Is.EqualTo("3"));
    }

    [Test]
    public async Task An_own_write_does_not_bring_back_what_was_deleted()
    {
        Watch("a", "1");
        _cache.Remove(Widget.Key("a"));
        await _cache.WriteAsync(Widget.Key("a"), "1", () => Task.FromResult(Widget.Of("a", "2")));
        Assert.That(_cache.Find(Widget.Key("a")), Is.Null);
    }

    [Test]
    public void A_list_of_one_namespace_leaves_the_others_alone()
    {
        Watch("a", "1");
        _cache.Set(ReadObject<Widget>.From(Widget.Json("x", inNamespace: "other"))!);
        _cache.Replace("shop", []);
        Assert.That(_cache.List().Select(w => w.Metadata.Name), Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void An_object_that_becomes_unreadable_is_hidden_but_not_gone()
    {
        Watch("a", "1");
        _cache.Set(ReadObject<Widget>.From(Widget.UnreadableJson("a", "2"))!);
        Assert.That(_cache.Find(Widget.Key("a")), Is.Null);
        Assert.That(_cache.Keys(), Does.Contain(Widget.Key("a")));

        _cache.Remove(Widget.Key("a"));
        Assert.That(_cache.Keys(), Is.Empty);
        Assert.That(_changes, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_notice_that_overtakes_the_answer_to_an_own_write_is_still_known_as_own()
    {
        Watch("a", "1");
        _changes.Clear();
        var answer = new TaskCompletionSource<Widget>();
        var writing = _cache.WriteAsync(Widget.Key("a"), "1", () => answer.Task);
        Watch("a", "2");
        Watch("a", "3");
        Assert.That(_cache.Find(Widget.Key("a"))!.Metadata.ResourceVersion, Is.EqualTo("3"), "seen at once");
        Assert.That(_changes, Is.Empty, "but whose it is, the answer tells");

        answer.SetResult(Widget.Of("a", "2"));
        await writing;
        Assert.That(_changes.Select(c => (c.After!.Metadata.ResourceVersion, c.OwnStatusWrite)), Is.EqualTo(new[] { ("2", true), ("3", false) }));
    }

    [Test]
    public void A_notice_that_comes_during_a_write_that_fails_is_somebody_else_s()
    {
        Watch("a", "1");
        _changes.Clear();
        var answer = new TaskCompletionSource<Widget>();
        var writing = _cache.WriteAsync(Widget.Key("a"), "1", () => answer.Task);
        Watch("a", "2");
        answer.SetException(new StatusConflictException("changed since"));
        Assert.That(async () => await writing, Throws.InstanceOf<StatusConflictException>());
        Assert.That(_changes.Single().OwnStatusWrite, Is.False);
    }

    private void Watch(string name, string version) => _cache.Set(ReadObject<Widget>.From(Widget.Json(name, version))!);
}

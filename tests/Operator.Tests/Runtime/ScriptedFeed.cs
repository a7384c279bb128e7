using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using k8s;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>A feed whose every answer a test gives by hand.</summary>
internal sealed class ScriptedFeed : IEntityFeed
{
    private readonly Channel<ListCall> _lists = Channel.CreateUnbounded<ListCall>();
    private readonly Channel<WatchCall> _watches = Channel.CreateUnbounded<WatchCall>();

    public Task<ListCall> NextList() => Patience.Of(_lists.Reader.ReadAsync());

    public Task<WatchCall> NextWatch() => Patience.Of(_watches.Reader.ReadAsync());

    public async Task<EntityPage> ListPageAsync(string? continueToken, CancellationToken cancellationToken)
    {
        var call = new ListCall(continueToken);
        await _lists.Writer.WriteAsync(call, cancellationToken);
        return await call.Answered.WaitAsync(cancellationToken);
    }

    public async IAsyncEnumerable<WatchNotice> WatchAsync(string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new WatchCall(resourceVersion);
        await _watches.Writer.WriteAsync(call, cancellationToken);
        await foreach (var notice in call.Lines.ReadAllAsync(cancellationToken))
        {
            yield return notice;
        }
    }
}

internal sealed class ListCall(string? continueToken)
{
    private readonly TaskCompletionSource<EntityPage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? ContinueToken => continueToken;

    public Task<EntityPage> Answered => _answer.Task;

    public void Answer(string resourceVersion, params JsonElement[] items) => _answer.SetResult(new EntityPage(items, resourceVersion, null));

    public void AnswerPage(string resourceVersion, string next, params JsonElement[] items) => _answer.SetResult(new EntityPage(items, resourceVersion, next));

    public void Fail(Exception error) => _answer.SetException(error);
}

internal sealed class WatchCall(string resourceVersion)
{
    private readonly Channel<WatchNotice> _lines = Channel.CreateUnbounded<WatchNotice>();

    public string ResourceVersion => resourceVersion;

    public ChannelReader<WatchNotice> Lines => _lines.Reader;

    public void Send(WatchEventType type, JsonElement item) => _lines.Writer.TryWrite(new WatchNotice(type, item));

    public void Bookmark(string version) =>
        Send(WatchEventType.Bookmark, JsonDocument.Parse($$$"""{"kind":"Widget","apiVersion":"example.com/v1","metadata":{"resourceVersion":"{{{version}}}"}}""").RootElement);

    public void End(Exception? error = null) => _lines.Writer.Complete(error);
}

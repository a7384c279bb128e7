using System.Diagnostics;

namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>
/// A connection to a member whose messages are taken whole, and looked through, before the driver reads them: too long, too deep or too slow
/// ones end the connection, and never the process.
/// </summary>
internal sealed class BoundedReplies(Stream inner, ReplyBounds bounds, ReplyBudget.Share share) : Stream
{
    /// <summary>What is asked for at first; a length that somebody claims costs nothing before its bytes are there.</summary>
    private const int FirstBytes = 4 * 1024;

    /// <summary>By what the room grows for bytes that are there: with two, a large message would leave as much garbage again.</summary>
    private const int Growth = 4;

    private byte[] _message = [];
    private int _length;
    private int _position;
    private readonly MessageRate _rate = new(bounds.MaxMessagesInASecond);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanTimeout => inner.CanTimeout;

    /// <inheritdoc/>
    public override int ReadTimeout { get => inner.ReadTimeout; set => inner.ReadTimeout = value; }

    /// <inheritdoc/>
    public override int WriteTimeout { get => inner.WriteTimeout; set => inner.WriteTimeout = value; }

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_position == _length)
        {
            var filling = new Filling(this);
            while (filling.Next() is { Length: > 0 } room)
            {
                var patience = Patience(filling);
                try
                {
                    filling.Took(inner.Read(room.Span));
                }
                finally
                {
                    Restore(patience);
                }
            }
        }

        return Give(buffer);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _length)
        {
            var filling = new Filling(this);
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            while (filling.Next() is { Length: > 0 } room)
            {
                try
                {
                    filling.Took(await inner.ReadAsync(room, limited.Token));
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw filling.TooSlow();
                }

                limited.CancelAfter(filling.Left);
            }
        }

        return Give(buffer.Span);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private ReplyBounds Bounds => bounds;

    private ReplyBudget.Share Share => share;

    private void Grow(int size) => Array.Resize(ref _message, size);

    private int Give(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _length - _position);
        _message.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        if (_position == _length && _message.Length > FirstBytes)
        {
            // A large one is not kept for the next, small one.
            (_message, _length, _position) = ([], 0, 0);
        }

        return count;
    }

    // A read without a token waits as long as the stream lets it: no longer than what the message has left.
    private int? Patience(Filling filling)
    {
        if (!filling.HasBegun || !inner.CanTimeout)
        {
            return null;
        }

        var before = inner.ReadTimeout;
        var left = Math.Max(1, (int)filling.Left.TotalMilliseconds);
        inner.ReadTimeout = before <= 0 ? left : Math.Min(before, left);
        return before;
    }

    private void Restore(int? patience)
    {
        if (patience is { } before)
        {
            inner.ReadTimeout = before;
        }
    }

    /// <summary>One message as it comes in.</summary>
    private struct Filling(BoundedReplies replies)
    {
        private readonly BoundedReplies _replies = replies;
        private readonly ReplyBounds _bounds = replies.Bounds;
        private int _expected = WireMessage.HeaderBytes;
        private int _received;
        private long _begun;

        /// <summary>Whether a first byte is there.</summary>
        public readonly bool HasBegun => _received > 0;

        /// <summary>Time until the rest must be there.</summary>
        public readonly TimeSpan Left
        {
            get
            {
                var left = _bounds.MaxTime - (HasBegun ? Stopwatch.GetElapsedTime(_begun) : TimeSpan.Zero);
                return left > TimeSpan.Zero ? left : throw TooSlow();
            }
        }

        /// <summary>Where the next bytes go; empty: the message is whole and was looked through.</summary>
        public Memory<byte> Next()
        {
            if (_received == _expected && _received == WireMessage.HeaderBytes)
            {
                _expected = WireMessage.Length(_replies._message, _bounds);
                _replies._rate.Count();
                _replies.Share.Take(_expected, fields: 0);
            }

            if (_received < _expected)
            {
                if (_received == _replies._message.Length)
                {
                    _replies.Grow(Math.Min(_expected, Math.Max(FirstBytes, _received * Growth)));
                }

                return _replies._message.AsMemory(_received, Math.Min(_replies._message.Length, _expected) - _received);
            }

            _replies.Share.Take(bytes: 0, WireMessage.Check(_replies._message.AsSpan(0, _received), _bounds));
            (_replies._length, _replies._position) = (_received, 0);
            return default;
        }

        /// <summary>So many bytes came.</summary>
        public void Took(int count)
        {
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            _begun = HasBegun ? _begun : Stopwatch.GetTimestamp();
            _received += count;
        }

        public readonly ReplyRefusedException TooSlow() => new($"the answer took longer than {_bounds.MaxTime.TotalSeconds} s to arrive");
    }
}

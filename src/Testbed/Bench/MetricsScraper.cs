namespace Modestano.Testbed.Bench;

/// <summary>Reads the operator's metrics from time to time, as Prometheus would: that work is part of the figures.</summary>
internal sealed class MetricsScraper(int port, TimeSpan interval)
{
    /// <summary>Lines of the latest answer.</summary>
    public long Lines { get; private set; }

    /// <summary>Its bytes.</summary>
    public long Bytes { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var buffer = new byte[65536];
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await using var stream = await client.GetStreamAsync(new Uri($"http://127.0.0.1:{port}/metrics"), cancellationToken);
                long lines = 0, bytes = 0;
                int read;
                while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    bytes += read;
                    lines += buffer.AsSpan(0, read).Count((byte)'\n');
                }

                (Lines, Bytes) = (lines, bytes);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // It starts, or stops: the next turn asks again.
                continue;
            }
        }
    }
}

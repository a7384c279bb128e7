namespace Modestano.Operator.Runtime;

/// <summary>Reads a body that a foreign server sends, up to a size: what it sends more of never gets into memory.</summary>
internal static class BoundedBody
{
    /// <summary>The body of an answer; null: it is larger.</summary>
    public static async Task<MemoryStream?> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > most)
        {
            return null;
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        return await ReadAsync(stream, most, cancellationToken);
    }

    /// <summary>A stream to its end; null: it is longer.</summary>
    public static async Task<MemoryStream?> ReadAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (body.Length + read > most)
            {
                return null;
            }

            body.Write(chunk, 0, read);
        }

        body.Position = 0;
        return body;
    }
}

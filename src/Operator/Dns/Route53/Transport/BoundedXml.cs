using System.Xml;
using System.Xml.Linq;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Route53.Transport;

/// <summary>Reads an XML document that somebody else wrote: bounded in size, depth and time, and without a DTD.</summary>
internal static class BoundedXml
{
    /// <summary>A page of 300 sets with a batch's worth of characters each is 10 MB.</summary>
    private const int MostBytes = 16 << 20;

    /// <summary>Answers of the API are seven elements deep.</summary>
    private const int Deepest = 32;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = MostBytes,
    };

    /// <summary>The document's root.</summary>
    /// <exception cref="FormatException">What was read is not such a document; the message says why.</exception>
    /// <exception cref="IOException">The connection broke, or the body did not end in time.</exception>
    public static XElement Load(Stream stream)
    {
        using var body = Body(stream);
        if (body.Length == 0)
        {
            throw new FormatException("the body is empty");
        }

        try
        {
            using var reader = XmlReader.Create(body, Settings);
            return Root(reader) ?? throw new FormatException("the body has no element");
        }
        catch (XmlException e)
        {
            throw new FormatException($"the body is not XML that is accepted here: {e.Message}", e);
        }
    }

    // Built by hand, because XDocument.Load takes any depth.
    private static XElement? Root(XmlReader reader)
    {
        XElement? root = null;
        var open = new Stack<XElement>();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (open.Count >= Deepest)
                    {
                        throw new FormatException($"the body is more than {Deepest} elements deep");
                    }

                    var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
                    if (open.TryPeek(out var parent))
                    {
                        parent.Add(element);
                    }

                    root ??= element;
                    if (!reader.IsEmptyElement)
                    {
                        open.Push(element);
                    }

                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when open.TryPeek(out var holder):
                    holder.Add(new XText(reader.Value));
                    break;
            }
        }

        return root;
    }

    /// <summary>Reads to the end. A server that sends a byte a minute would else hold a pass for ever, as the client's own limit ends with the headers.</summary>
    private static MemoryStream Body(Stream stream)
    {
        using var deadline = new CancellationTokenSource(Longest);
        try
        {
            // The SDK's way to an unmarshaller has no asynchronous form.
            return BoundedBody.ReadAsync(stream, MostBytes, deadline.Token).GetAwaiter().GetResult() ?? throw new FormatException($"the body is larger than {MostBytes >> 20} MiB");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new IOException($"the body did not end within {Longest.TotalSeconds:0} s");
        }
    }
}

using System.Net;
using System.Text;
using Amazon.Runtime;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Transport;

namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>Answers each request with the next scripted answer and keeps what was asked; no socket is opened.</summary>
internal sealed class ScriptedService : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<SeenRequest> Requests { get; } = [];

    public ScriptedService Answer(int status, string body, string contentType = "text/xml", DateTimeOffset? date = null)
    {
        _answers.Enqueue(() =>
        {
            var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8) };
            answer.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
            answer.Headers.Date = date ?? DateTimeOffset.UtcNow;
            answer.Headers.Add("x-amzn-RequestId", "4f0a3f6e-1111-4e0b-9a51-6a3f60ad3f10");
            return answer;
        });
        return this;
    }

    public ScriptedService Error(int status, string code, string message, DateTimeOffset? date = null) => Answer(
        status,
        $"""<?xml version="1.0"?><ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>""",
        date: date);

    public ScriptedService Break()
    {
        _answers.Enqueue(() => throw new HttpRequestException("Connection reset by peer"));
        return this;
    }

    public AmazonRoute53Client Client(AWSCredentials? credentials = null, IRoute53Traffic? traffic = null, string region = "eu-west-1", int? retries = null) =>
        new(credentials ?? new BasicAWSCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), new AmazonRoute53Config(region)
        {
            HttpClientFactory = AsFactory(),
            Traffic = traffic,
            MaxErrorRetry = retries ?? new AmazonRoute53Config(region).MaxErrorRetry,
        });

    /// <summary>For a client with settings of its own.</summary>
    public HttpClientFactory AsFactory() => new Factory(this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add(new SeenRequest(request.Method.Method, request.RequestUri!, body, request.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase)));
        return _answers.Dequeue()();
    }

    private sealed class Factory(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}

internal sealed record SeenRequest(string Method, Uri Uri, string Body, IReadOnlyDictionary<string, string> Headers);

namespace Modestano.Operator.Observability.Scraping;

/// <summary>What comes of a request for /metrics.</summary>
internal enum ScrapeVerdict
{
    /// <summary>It is answered.</summary>
    Allowed,

    /// <summary>No token, or one that the API server does not know.</summary>
    Unauthenticated,

    /// <summary>A known caller who may not get /metrics.</summary>
    Forbidden,

    /// <summary>The API server did not answer the question: nobody is let in, and nothing is remembered.</summary>
    Unknown,
}

using Microsoft.Extensions.DependencyInjection;
using Modestano.Operator.Migrations.Gates;

namespace Modestano.Scenarios.Virtual;

/// <summary>Has the queries of gates answered inside of the virtual world.</summary>
internal static class QueryAnswers
{
    /// <param name="services">After the operator's own.</param>
    /// <param name="answers">What answers; null: nobody does.</param>
    public static void AddQueries(this IServiceCollection services, HttpMessageHandler? answers)
    {
        if (answers is not null)
        {
            services.AddHttpClient(PrometheusGateSource.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => new Outliving(answers));
        }
    }

    /// <summary>A factory disposes of its handlers; the server outlives them.</summary>
    private sealed class Outliving(HttpMessageHandler server) : DelegatingHandler(server)
    {
        protected override void Dispose(bool disposing) => base.Dispose(false);
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Console;
using Modestano.Operator.Configuration;

namespace Modestano.Operator.Observability;

/// <summary>The log on standard output: plain lines, or one JSON object a line; either tells the object's key and the pass's id, and of a step its kind.</summary>
public static class OperatorLog
{
    /// <summary>Configures format and level. The frameworks' own messages appear from warnings on.</summary>
    public static ILoggingBuilder AddOperatorLog(this ILoggingBuilder logging, OperatorOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(options.LogLevel);
        logging.AddFilter("Microsoft", options.LogLevel > LogLevel.Debug ? LogLevel.Warning : LogLevel.Information);
        logging.AddFilter("System", LogLevel.Warning);
        if (options.LogFormat == "json")
        {
            logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                // People read these lines, too; nothing puts them into HTML.
                json.JsonWriterOptions = new JsonWriterOptions { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        }
        else
        {
            logging.AddSimpleConsole(plain =>
            {
                plain.SingleLine = true;
                plain.IncludeScopes = true;
                plain.UseUtcTimestamp = true;
                plain.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                plain.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }

        return logging;
    }
}

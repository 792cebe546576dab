using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Kennel.Cli;

/// <summary>Logs go to standard error, a line each; standard output has only what was asked for.</summary>
static class Logging
{
    public static ILoggerFactory ToStandardError() => LoggerFactory.Create(logs => logs
        .SetMinimumLevel(LogLevel.Warning)
        .AddSimpleConsole(c => (c.SingleLine, c.ColorBehavior, c.TimestampFormat) = (true, LoggerColorBehavior.Disabled, "HH:mm:ss.fff "))
        .Services.Configure<ConsoleLoggerOptions>(c => c.LogToStandardErrorThreshold = LogLevel.Trace));
}

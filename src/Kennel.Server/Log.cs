using Microsoft.Extensions.Logging;

namespace Kennel.Server;

/// <summary>Every message of this room.</summary>
static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Request {Id} ({Method} {Path}) failed unexpectedly")]
    public static partial void Unexpected(this ILogger log, Exception problem, string id, string method, string path);

    [LoggerMessage(2, LogLevel.Error, "Request {Id} ({Method} {Path}) was refused because the store can't write: {Why}")]
    public static partial void StoreUnavailable(this ILogger log, string id, string method, string path, string why);

    [LoggerMessage(3, LogLevel.Warning, "The connection to node {Node} for {Path} failed: {Why}")]
    public static partial void NodeUnreachable(this ILogger log, string node, string path, string why);

    [LoggerMessage(4, LogLevel.Information, "Serving at {Address}")]
    public static partial void Serving(this ILogger log, string address);

    [LoggerMessage(5, LogLevel.Information, "Made a new {Certificate} certificate, valid until {Until}")]
    public static partial void MadeCertificate(this ILogger log, string certificate, DateTimeOffset until);

    [LoggerMessage(6, LogLevel.Error, "Request {Id} ({Method} {Path}) broke off while its answer was sent")]
    public static partial void BrokeOff(this ILogger log, Exception problem, string id, string method, string path);
}

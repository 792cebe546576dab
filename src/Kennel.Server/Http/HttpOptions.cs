using System.Net;

namespace Kennel.Server.Http;

/// <summary>Where and how to serve.</summary>
public sealed record HttpOptions(IReadOnlyList<IPEndPoint> Listen, Pki Pki)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Microsoft.Extensions.Logging.ILogger Log { get; init; } = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    /// <summary>The largest body, in bytes: upstream's limit.</summary>
    public const int MaxBodyBytes = 3 * 1024 * 1024;

    /// <summary>Requests that read and requests that write, watches and streams left out, at one time: upstream's limits.</summary>
    public const int MaxReads = 400;
    public const int MaxWrites = 200;

    /// <summary>A request that isn't a watch or a stream is given up after this time, as upstream does.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Lists from this size on are compressed for those who accept it.</summary>
    public const int GzipFrom = 128 * 1024;
}

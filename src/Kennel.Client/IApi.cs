namespace Kennel.Client;

/// <summary>A Kubernetes API: over HTTP, or in process over the server's pipeline.</summary>
public interface IApi
{
    /// <summary>One request, one answer. Refusals are answers (with a Status body), not exceptions.</summary>
    /// <exception cref="ApiUnavailableException">No answer: the connection failed.</exception>
    ValueTask<ApiAnswer> Send(ApiCall call, CancellationToken cancel);

    /// <summary>The events of a watch, in order, until the server ends it or <paramref name="cancel"/> fires.</summary>
    /// <remarks>A watch that is refused is one ERROR event with the Status.</remarks>
    /// <exception cref="ApiUnavailableException">The connection failed, at once or later.</exception>
    /// <param name="path">Collection path with its query, without <c>watch</c>: <c>/api/v1/pods?resourceVersion=7&amp;allowWatchBookmarks=true</c>.</param>
    IAsyncEnumerable<WatchEvent> Watch(string path, CancellationToken cancel);
}

/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Path with query.</param>
/// <param name="ContentType">Of the body; JSON when null.</param>
public sealed record ApiCall(string Method, string Path, ReadOnlyMemory<byte> Body = default, string? ContentType = null);

/// <param name="Status">The HTTP status code.</param>
/// <param name="Body">JSON: the object, list or Status.</param>
public readonly record struct ApiAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public bool Succeeded => Status is >= 200 and < 300;
}

/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="Object">JSON of the object, or of a Status for ERROR.</param>
public readonly record struct WatchEvent(string Type, ReadOnlyMemory<byte> Object);

/// <summary>The API can't be reached. The message says which and why.</summary>
public sealed class ApiUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

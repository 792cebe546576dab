using System.Threading.Channels;
using Kennel.Objects.Refusals;
using Kennel.Server.Answers;

namespace Kennel.Server.Auditing;

/// <summary>
/// Who asked for what, and what was answered: one line a request in a file that only its owner reads. Everything that comes over the wire is in it, health checks left out; of what the
/// program's own parts do, what writes. A request waits for room rather than go unrecorded.
/// </summary>
public sealed class AuditLog : IAsyncDisposable
{
    const int MostWaiting = 10_000;

    readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    readonly RotatingFile _file;
    readonly TimeProvider _time;
    readonly Action<string> _warn;
    readonly Task _writing;

    AuditLog(RotatingFile file, TimeProvider time, Action<string> warn)
    {
        (_file, _time, _warn) = (file, time, warn);
        _writing = Write();
    }

    /// <param name="warn">Hears of lines that were lost because the disk is full or gone: nobody is refused for that.</param>
    /// <param name="maxBytes">When a file is as large as this, the next one begins.</param>
    /// <param name="kept">So many full files are kept beside it, as <c>FILE.1</c> (the newest) and so on.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static AuditLog Open(string path, TimeProvider time, Action<string> warn, long maxBytes = 100L << 20, int kept = 10) =>
        new(new RotatingFile(path, maxBytes, kept), time, warn);

    internal AuditTrail? Begin(ApiRequest request)
    {
        if (request.Source is null ? request.Method is "GET" or "HEAD" : Access.Authorizer.IsPublic(request.Path)) return null;
        return new AuditTrail(_time.GetUtcNow());
    }

    internal ValueTask End(ApiRequest request, AuditTrail trail, ApiResponse response)
    {
        var answer = response as Answer;
        var name = answer is { Status: 201 } && trail.Route is { Name.Length: 0 } ? NameIn(answer) : null;
        return _lines.Writer.TryWrite(AuditEvent.Write(request, trail, answer?.Status, name, _time.GetUtcNow())) ? default
            : _lines.Writer.WriteAsync(AuditEvent.Write(request, trail, answer?.Status, name, _time.GetUtcNow()));
    }

    /// <summary>Somebody was turned away before anything was asked of the pipeline: not known, or too many at once.</summary>
    internal ValueTask Turned(ApiRequest request, int status) =>
        End(request, new AuditTrail(_time.GetUtcNow()) { Forbidden = status == 401 }, Answer.Of(new Refusal(status, "", "")));

    async Task Write()
    {
        while (await _lines.Reader.WaitToReadAsync())
        {
            try
            {
                while (_lines.Reader.TryRead(out var line)) _file.Write(line);
                _file.Flush();
            }
            catch (IOException e)
            {
                _warn($"lines of the audit log are lost: {e.Message}");
            }
        }
    }

    /// <summary>Writes what is waiting, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
        _file.Dispose();
    }

    static string? NameIn(Answer answer)
    {
        if (answer.ContentType != Encode.Json || Slices.Metadata(answer.Body) is not { IsEmpty: false } metadata) return null;
        using var document = System.Text.Json.JsonDocument.Parse(metadata);
        return document.RootElement.TryGetProperty("name"u8, out var name) ? name.GetString() : null;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Kennel.Client;

namespace Kennel.Node.Tests.Agent;

/// <summary>As much of an API server as an agent needs: objects by path, revisions, watches of pods, merge patches, graceful deletes.</summary>
sealed class FakeApi : IApi
{
    readonly Lock _lock = new();
    readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    readonly List<(string Collection, Channel<WatchEvent> Events)> _watches = [];
    long _revision;

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What was created.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>What a POST to a path is answered with, made of what was sent.</summary>
    public Dictionary<string, Func<JsonObject, JsonNode>> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>While set, nobody answers.</summary>
    public bool Away { get; set; }

    public ValueTask<ApiAnswer> Send(ApiCall call, CancellationToken cancel)
    {
        if (Away) throw new ApiUnavailableException("the fake API is away");
        var path = call.Path.Split('?')[0];
        Calls.Enqueue($"{call.Method} {path}");
        var body = call.Body.IsEmpty ? null : JsonNode.Parse(call.Body.Span)!.AsObject();
        lock (_lock)
        {
            return ValueTask.FromResult(call.Method switch
            {
                "GET" when IsCollection(path) => List(path),
                "GET" => _objects.TryGetValue(path, out var found) ? Ok(found) : None,
                "POST" => Post(path, body!),
                "PUT" => Put(path.Replace("/status", "", StringComparison.Ordinal), body!),
                "PATCH" => Patch(path.Replace("/status", "", StringComparison.Ordinal), body!),
                "DELETE" => Delete(path, body),
                _ => new ApiAnswer(405, default),
            });
        }
    }

    public async IAsyncEnumerable<WatchEvent> Watch(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        var events = Channel.CreateUnbounded<WatchEvent>();
        lock (_lock)
        {
            var since = long.Parse(path.Split("resourceVersion=")[1].Split('&')[0], CultureInfo.InvariantCulture);
            foreach (var (key, o) in _objects.Where(p => Collection(p.Key) == path.Split('?')[0] || path.StartsWith("/api/v1/pods", StringComparison.Ordinal) && p.Key.Contains("/pods/", StringComparison.Ordinal)))
                if (Revision(o) > since) events.Writer.TryWrite(new("ADDED", Bytes(o)));
            _watches.Add((path.Split('?')[0], events));
        }
        await foreach (var e in events.Reader.ReadAllAsync(cancel)) yield return e;
    }

    public JsonObject? Get(string path) { lock (_lock) return _objects.TryGetValue(path, out var o) ? (JsonObject)o.DeepClone() : null; }

    public void Add(string path, JsonNode o) { lock (_lock) Write(path, o.AsObject(), "ADDED"); }

    public JsonObject Change(string path, Action<JsonObject> change)
    {
        lock (_lock)
        {
            var o = (JsonObject)_objects[path].DeepClone();
            change(o);
            return Write(path, o, "MODIFIED");
        }
    }

    /// <summary>As kubectl delete does: marks it, or removes it when the grace is 0.</summary>
    public void DeletePod(string path, long grace) => _ = Send(new("DELETE", path, Encoding.UTF8.GetBytes($$"""{"gracePeriodSeconds":{{grace}}}""")), default);

    ApiAnswer List(string path)
    {
        var items = new JsonArray([.. _objects.Where(p => Collection(p.Key) == path || path == "/api/v1/pods" && p.Key.Contains("/pods/", StringComparison.Ordinal)).Select(p => p.Value.DeepClone())]);
        return new(200, Encoding.UTF8.GetBytes(new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_revision}" }, ["items"] = items }.ToJsonString()));
    }

    ApiAnswer Post(string path, JsonObject body)
    {
        Bodies.Enqueue(body.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        if (Answers.TryGetValue(path, out var answer)) return Ok(answer(body).AsObject());
        var name = (string?)body["metadata"]?["name"] ?? "";
        if (path.EndsWith("/token", StringComparison.Ordinal)) return None;
        if (_objects.ContainsKey($"{path}/{name}")) return new(409, default);
        if (body["metadata"] is JsonObject meta) meta["uid"] ??= $"made-{_revision}";
        return new(201, Bytes(Write($"{path}/{name}", body, "ADDED")));
    }

    ApiAnswer Put(string path, JsonObject body) => _objects.ContainsKey(path) ? new(200, Bytes(Write(path, body, "MODIFIED"))) : None;

    ApiAnswer Patch(string path, JsonObject patch)
    {
        if (!_objects.TryGetValue(path, out var old)) return None;
        if ((string?)patch["metadata"]?["uid"] is { } uid && uid != (string?)old["metadata"]?["uid"]) return new(409, "{}"u8.ToArray());
        var next = (JsonObject)old.DeepClone();
        Merge(next, patch);
        return new(200, Bytes(Write(path, next, "MODIFIED")));
    }

    ApiAnswer Delete(string path, JsonObject? options)
    {
        if (!_objects.TryGetValue(path, out var old)) return None;
        if ((string?)options?["preconditions"]?["uid"] is { } uid && uid != (string?)old["metadata"]?["uid"]) return new(409, "{}"u8.ToArray());
        var grace = (long?)options?["gracePeriodSeconds"] ?? 30;
        if (grace > 0)
        {
            var marked = (JsonObject)old.DeepClone();
            marked["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
            marked["metadata"]!["deletionGracePeriodSeconds"] = grace;
            return Ok(Write(path, marked, "MODIFIED"));
        }
        _objects.Remove(path);
        var gone = (JsonObject)old.DeepClone();
        gone["metadata"]!["resourceVersion"] = $"{++_revision}";
        Tell(path, "DELETED", gone);
        return Ok(gone);
    }

    JsonObject Write(string path, JsonObject o, string type)
    {
        o = (JsonObject)o.DeepClone();
        o["metadata"] ??= new JsonObject();
        o["metadata"]!["resourceVersion"] = $"{++_revision}";
        _objects[path] = o;
        Tell(path, type, o);
        return o;
    }

    void Tell(string path, string type, JsonObject o)
    {
        foreach (var (collection, events) in _watches)
            if (Collection(path) == collection || collection == "/api/v1/pods" && path.Contains("/pods/", StringComparison.Ordinal)) events.Writer.TryWrite(new(type, Bytes(o)));
    }

    static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject child && target[name] is JsonObject there) Merge(there, child);
            else target[name] = value.DeepClone();
        }
    }

    static bool IsCollection(string path) => path.TrimStart('/').Split('/').Length is 3 or 5 && path.TrimStart('/').Split('/')[^1].EndsWith('s') && !path.StartsWith("/api/v1/nodes/", StringComparison.Ordinal) && !path.StartsWith("/api/v1/persistentvolumes/", StringComparison.Ordinal);

    static string Collection(string path) => path[..path.LastIndexOf('/')];

    static long Revision(JsonObject o) => long.Parse((string)o["metadata"]!["resourceVersion"]!, CultureInfo.InvariantCulture);

    static ApiAnswer Ok(JsonObject o) => new(200, Bytes(o));

    static ApiAnswer None => new(404, "{}"u8.ToArray());

    static byte[] Bytes(JsonObject o) => JsonSerializer.SerializeToUtf8Bytes(o);
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects;

namespace Kennel.Client.Tests.Fake;

/// <summary>
/// An API server in a few lines, hand-written for tests: objects in memory under one revision, list with pages, watch from a revision,
/// create, update, status, merge patch, delete. It knows no schema, defaults nothing and validates nothing but names and revisions.
/// </summary>
public sealed class FakeApi : IApi
{
    readonly Lock _lock = new();
    readonly SortedDictionary<(string Collection, ObjectKey Key), JsonObject> _objects = [];
    readonly List<(long Revision, string Collection, string Type, byte[] Json)> _history = [];
    TaskCompletionSource _news = New();
    long _revision = 100;
    long _compacted;
    int _generation;
    bool _held;
    int _names;

    /// <summary>Every call in order: <c>POST /api/v1/namespaces/a/pods</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>May answer a call in the server's place (faults, refusals); null lets it pass.</summary>
    public Func<ApiCall, ApiAnswer?> Instead { get; set; } = _ => null;

    public long Revision { get { lock (_lock) return _revision; } }

    public ValueTask<ApiAnswer> Send(ApiCall call, CancellationToken cancel)
    {
        lock (_lock)
        {
            Calls.Add($"{call.Method} {call.Path}");
            if (Instead(call) is { } instead) return new(instead);
            var path = FakePath.Parse(call.Path);
            var answer = call.Method switch
            {
                "GET" when path.Name is null => List(path),
                "GET" => Found(path) is { } o ? Ok(o) : NotFound(path),
                "POST" when path.Subresource is not null => Bind(path, call.Body),
                "POST" => Create(path, call.Body),
                "PUT" => Update(path, call.Body),
                "PATCH" => Patch(path, call.Body),
                "DELETE" => Delete(path, call.Body),
                _ => Refuse(405, "MethodNotAllowed", call.Method),
            };
            return new(answer);
        }
    }

    public async IAsyncEnumerable<WatchEvent> Watch(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        var parsed = FakePath.Parse(path);
        var from = long.Parse(parsed.Value("resourceVersion"), CultureInfo.InvariantCulture);
        var mine = _generation;
        while (mine == _generation)
        {
            List<WatchEvent> due = [];
            Task news;
            lock (_lock)
            {
                Calls.Add($"WATCH {parsed.Collection} {from}");
                news = _news.Task;
                if (from < _compacted) due.Add(new("ERROR", Refuse(410, "Expired", $"too old resource version: {from} ({_compacted})").Body));
                else if (!_held)
                {
                    foreach (var h in _history.Where(h => h.Revision > from && h.Collection == parsed.Collection)) due.Add(new(h.Type, h.Json));
                    from = Math.Max(from, _revision);
                }
            }
            foreach (var e in due)
            {
                yield return e;
                if (e.Type == "ERROR") yield break;
            }
            if (due.Count == 0) await news.WaitAsync(cancel);
        }
    }

    /// <summary>Stores an object as if somebody had created or replaced it.</summary>
    public T Put<T>(T item) where T : class, IObject<T>
    {
        lock (_lock)
        {
            var path = new FakePath($"{T.Resource.Group}/{T.Resource.Plural}", item.Metadata.Namespace ?? "", item.Metadata.Name, null, new Dictionary<string, string>());
            var json = (JsonObject)JsonNode.Parse(Json.Write(item))!;
            json["metadata"]!["resourceVersion"] = null;
            var answer = Found(path) is null ? Create(path, Encoding.UTF8.GetBytes(json.ToJsonString())) : Update(path, Encoding.UTF8.GetBytes(json.ToJsonString()), whole: true);
            return Json.Read<T>(answer.Body.Span);
        }
    }

    public IReadOnlyList<T> All<T>() where T : class, IObject<T>
    {
        lock (_lock) return [.. _objects.Where(o => o.Key.Collection == $"{T.Resource.Group}/{T.Resource.Plural}").Select(o => Json.Read<T>(Bytes(o.Value)))];
    }

    public T? Get<T>(string space, string name) where T : class, IObject<T> => All<T>().FirstOrDefault(o => ObjectKey.Of(o) == new ObjectKey(space, name));

    public void Remove<T>(T item) where T : class, IObject<T>
    {
        lock (_lock) Gone(($"{T.Resource.Group}/{T.Resource.Plural}", ObjectKey.Of(item)));
    }

    /// <summary>Ends all watches as a broken connection would.</summary>
    public void Disconnect() { lock (_lock) { _generation++; Wake(); } }

    /// <summary>Forgets all history: watches from before get 410.</summary>
    public void Compact() { lock (_lock) { _compacted = ++_revision; _history.Clear(); } }

    /// <summary>Keeps events back until <see cref="Release"/>: watchers fall behind.</summary>
    public void Hold() { lock (_lock) _held = true; }

    public void Release() { lock (_lock) { _held = false; Wake(); } }

    /// <summary>Sends a bookmark to every watcher of a kind.</summary>
    public void Bookmark<T>() where T : class, IObject<T>
    {
        lock (_lock)
        {
            _revision++;
            _history.Add((_revision, $"{T.Resource.Group}/{T.Resource.Plural}", "BOOKMARK", Encoding.UTF8.GetBytes($$$"""{"metadata":{"resourceVersion":"{{{_revision}}}"}}""")));
            Wake();
        }
    }

    public static ApiAnswer Refuse(int code, string reason, string message) =>
        new(code, Encoding.UTF8.GetBytes(new JsonObject { ["kind"] = "Status", ["status"] = "Failure", ["reason"] = reason, ["message"] = message, ["code"] = code }.ToJsonString()));

    ApiAnswer List(FakePath path)
    {
        var all = _objects.Where(o => o.Key.Collection == path.Collection && (path.Namespace == "" || o.Key.Key.Namespace == path.Namespace)).Select(o => o.Value).ToList();
        var skip = path.Value("continue") is { Length: > 0 } c ? int.Parse(c, CultureInfo.InvariantCulture) : 0;
        var limit = path.Value("limit") is { Length: > 0 } l ? int.Parse(l, CultureInfo.InvariantCulture) : int.MaxValue;
        var page = all.Skip(skip).Take(limit).Select(o => o.DeepClone()).ToArray();
        var more = skip + page.Length < all.Count ? (skip + page.Length).ToString(CultureInfo.InvariantCulture) : null;
        return Ok(new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_revision}", ["continue"] = more }, ["items"] = new JsonArray(page) });
    }

    ApiAnswer Create(FakePath path, ReadOnlyMemory<byte> body)
    {
        var o = (JsonObject)JsonNode.Parse(body.Span)!;
        var meta = o["metadata"]!.AsObject();
        if (meta["name"] is null) meta["name"] = $"{meta["generateName"]}{_names++:x5}";
        if (path.Namespace != "") meta["namespace"] = path.Namespace;
        var key = (path.Collection, new ObjectKey(path.Namespace, (string)meta["name"]!));
        if (_objects.ContainsKey(key)) return Refuse(409, "AlreadyExists", $"{path.Collection} \"{key.Item2.Name}\" already exists");
        meta["uid"] ??= Uid();
        meta["generation"] ??= 1;
        meta["creationTimestamp"] ??= "2026-01-01T00:00:00Z";
        if (path.Collection == "/pods" && o["status"]?["phase"] is null) o["status"] = new JsonObject { ["phase"] = "Pending" };
        return Stored(key, o, "ADDED");
    }

    ApiAnswer Update(FakePath path, ReadOnlyMemory<byte> body, bool whole = false)
    {
        if (Found(path) is not { } old) return NotFound(path);
        var o = (JsonObject)JsonNode.Parse(body.Span)!;
        if (o["metadata"]!["resourceVersion"] is { } expected && (string?)expected != (string?)old["metadata"]!["resourceVersion"])
            return Refuse(409, "Conflict", "the object has been modified; please apply your changes to the latest version and try again");
        if (whole) { }
        else if (path.Subresource == "status") { var status = o["status"]?.DeepClone(); o = (JsonObject)old.DeepClone(); o["status"] = status; }
        else
        {
            o["status"] = old["status"]?.DeepClone();
            if (!JsonNode.DeepEquals(o["spec"], old["spec"])) o["metadata"]!["generation"] = long.Parse(old["metadata"]!["generation"]?.ToJsonString() ?? "1", CultureInfo.InvariantCulture) + 1;
        }
        o["metadata"]!["uid"] = old["metadata"]!["uid"]?.DeepClone();
        return Changed(path, old, o);
    }

    ApiAnswer Patch(FakePath path, ReadOnlyMemory<byte> body)
    {
        if (Found(path) is not { } old) return NotFound(path);
        var o = (JsonObject)Merge(old.DeepClone(), JsonNode.Parse(body.Span)!)!;
        if ((string?)o["metadata"]!["resourceVersion"] != (string?)old["metadata"]!["resourceVersion"]) return Refuse(409, "Conflict", "the object has been modified");
        if ((string?)o["metadata"]!["uid"] != (string?)old["metadata"]!["uid"]) return Refuse(409, "Conflict", "the UID in the precondition does not match");
        return Changed(path, old, o);
    }

    ApiAnswer Changed(FakePath path, JsonObject old, JsonObject o)
    {
        o["metadata"]!["resourceVersion"] = old["metadata"]!["resourceVersion"]?.DeepClone();
        // The last finalizer is gone: so is what waited for it.
        if (o["metadata"]!["deletionTimestamp"] is not null && IsHeld(old) && !IsHeld(o)) return Gone((path.Collection, new(path.Namespace, path.Name!)));
        return JsonNode.DeepEquals(o, old) ? Ok(old) : Stored((path.Collection, new(path.Namespace, path.Name!)), o, "MODIFIED");
    }

    ApiAnswer Delete(FakePath path, ReadOnlyMemory<byte> body)
    {
        if (Found(path) is not { } old) return NotFound(path);
        var uid = body.IsEmpty ? null : (string?)JsonNode.Parse(body.Span)!["preconditions"]?["uid"];
        if (uid is not null && uid != (string?)old["metadata"]!["uid"]) return Refuse(409, "Conflict", "the UID in the precondition does not match");
        var forced = !body.IsEmpty && (int?)JsonNode.Parse(body.Span)!["gracePeriodSeconds"] == 0;
        var key = (path.Collection, new ObjectKey(path.Namespace, path.Name!));
        var kept = IsHeld(old) || (path.Collection == "/pods" && old["spec"]?["nodeName"] is not null && !forced);
        if (!kept) return Gone(key);
        var o = (JsonObject)old.DeepClone();
        o["metadata"]!["deletionTimestamp"] ??= "2026-01-01T00:00:00Z";
        return Changed(path, old, o);
    }

    static bool IsHeld(JsonObject o) => o["metadata"]!["finalizers"] is JsonArray { Count: > 0 };

    ApiAnswer Bind(FakePath path, ReadOnlyMemory<byte> body)
    {
        if (Found(path) is not { } old) return NotFound(path);
        var o = (JsonObject)old.DeepClone();
        if (path.Subresource == "binding") o["spec"]!["nodeName"] = (string?)JsonNode.Parse(body.Span)!["target"]!["name"];
        Changed(path, old, o);
        return new(201, """{"kind":"Status","status":"Success","code":201}"""u8.ToArray());
    }

    ApiAnswer Stored((string Collection, ObjectKey) key, JsonObject o, string type)
    {
        o["metadata"]!["resourceVersion"] = $"{++_revision}";
        _objects[key] = o;
        Tell(key.Collection, type, o);
        return new(type == "ADDED" ? 201 : 200, Bytes(o));
    }

    ApiAnswer Gone((string Collection, ObjectKey Key) key)
    {
        if (!_objects.Remove(key, out var old)) return Refuse(404, "NotFound", "not found");
        old["metadata"]!["resourceVersion"] = $"{++_revision}";
        Tell(key.Collection, "DELETED", old);
        return Ok(old);
    }

    void Tell(string collection, string type, JsonObject o)
    {
        _history.Add((_revision, collection, type, Bytes(o)));
        Wake();
    }

    void Wake()
    {
        var news = _news;
        _news = New();
        news.TrySetResult();
    }

    JsonObject? Found(FakePath path) => _objects.GetValueOrDefault((path.Collection, new(path.Namespace, path.Name ?? "")));

    string Uid() => $"uid-{_revision}";

    static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null) merged.Remove(name);
            else
            {
                var old = merged[name];
                merged.Remove(name);
                merged[name] = Merge(old, value);
            }
        }
        return merged;
    }

    static ApiAnswer Ok(JsonNode o) => new(200, Bytes(o));

    static ApiAnswer NotFound(FakePath path) => Refuse(404, "NotFound", $"{path.Collection} \"{path.Name}\" not found");

    static byte[] Bytes(JsonNode o) => Encoding.UTF8.GetBytes(o.ToJsonString());

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

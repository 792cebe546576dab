using System.Text.Json.Nodes;

namespace Kennel.Load;

/// <summary>Waiting by list and watch, as a controller would.</summary>
internal static class Until
{
    /// <summary>Follows a collection until its objects are as wanted.</summary>
    /// <param name="path">Of the collection, with its query.</param>
    /// <param name="done">Gets the objects by name, after the list and after every event.</param>
    public static async Task Holds(Api api, string path, Func<IReadOnlyDictionary<string, JsonObject>, bool> done, CancellationToken cancel)
    {
        while (true)
        {
            var list = await api.Get(path, cancel);
            var objects = list["items"]!.AsArray().Select(item => item!.AsObject()).ToDictionary(Name, StringComparer.Ordinal);
            if (done(objects)) return;
            if (await Watched(api, path, (string)list["metadata"]!["resourceVersion"]!, objects, done, cancel)) return;
        }
    }

    /// <summary>Follows a collection until so many of its objects are as wanted. Each object is looked at once a change, however many there are.</summary>
    /// <param name="wanted">How many shall match; of objects that don't there may be more.</param>
    public static async Task Count(Api api, string path, Func<JsonObject, bool> matches, int wanted, CancellationToken cancel)
    {
        while (true)
        {
            var list = await api.Get(path, cancel);
            var matching = list["items"]!.AsArray().Select(item => item!.AsObject()).Where(matches).Select(Key).ToHashSet(StringComparer.Ordinal);
            if (matching.Count == wanted) return;
            await foreach (var line in api.Watch(path, (string)list["metadata"]!["resourceVersion"]!, cancel))
            {
                var change = JsonNode.Parse(line)!.AsObject();
                var seen = change["object"]!.AsObject();
                var type = (string)change["type"]!;
                if (type == "ERROR") break;
                if (type == "BOOKMARK") continue;
                if (type != "DELETED" && matches(seen)) matching.Add(Key(seen));
                else matching.Remove(Key(seen));
                if (matching.Count == wanted) return;
            }
        }
    }

    /// <summary>Handles every object of a collection, now and when it changes; ends only by an error.</summary>
    public static async Task Forever(Api api, string path, Func<JsonObject, Task> handle, CancellationToken cancel)
    {
        var work = new List<Task>();
        while (true)
        {
            await Follow(api, path, item =>
            {
                work.Add(handle(item));
                foreach (var task in work) if (task.IsFaulted) task.GetAwaiter().GetResult();
                work.RemoveAll(task => task.IsCompleted);
            }, cancel);
        }
    }

    /// <summary>Calls for every object of a collection, now and when it changes, until the server ends the watch.</summary>
    public static async Task Follow(Api api, string path, Action<JsonObject> each, CancellationToken cancel)
    {
        var list = await api.Get(path, cancel);
        foreach (var item in list["items"]!.AsArray()) each(item!.AsObject());
        await foreach (var line in api.Watch(path, (string)list["metadata"]!["resourceVersion"]!, cancel))
        {
            var change = JsonNode.Parse(line)!.AsObject();
            if ((string)change["type"]! is "ERROR") return;
            if ((string)change["type"]! is "ADDED" or "MODIFIED") each(change["object"]!.AsObject());
        }
    }

    /// <summary>Follows events until the objects are as wanted (true), or the watch ends and a new list is due (false).</summary>
    private static async Task<bool> Watched(
        Api api, string path, string revision, Dictionary<string, JsonObject> objects, Func<IReadOnlyDictionary<string, JsonObject>, bool> done, CancellationToken cancel)
    {
        await foreach (var line in api.Watch(path, revision, cancel))
        {
            var change = JsonNode.Parse(line)!.AsObject();
            var seen = change["object"]!.AsObject();
            switch ((string)change["type"]!)
            {
                case "ERROR": return false;
                case "BOOKMARK": continue;
                case "DELETED": objects.Remove(Name(seen)); break;
                default: objects[Name(seen)] = seen; break;
            }

            if (done(objects)) return true;
        }

        return false;
    }

    public static bool Ready(JsonObject pod) =>
        pod["metadata"]!["deletionTimestamp"] is null && (pod["status"]?["conditions"]?.AsArray() ?? [])
            .Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True");

    public static string Uid(JsonObject pod) => (string)pod["metadata"]!["uid"]!;

    private static string Key(JsonObject item) => $"{(string?)item["metadata"]!["namespace"]}/{Name(item)}";

    private static string Name(JsonObject item) => (string)item["metadata"]!["name"]!;
}

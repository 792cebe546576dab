using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Patches;

/// <summary>RFC 6902: a list of operations, all or none.</summary>
public static class JsonPatch
{
    /// <summary>Upstream's limit.</summary>
    public const int MostOperations = 10_000;

    /// <param name="target">Stays as it is; the result is a copy.</param>
    /// <returns>400 for what isn't a patch, 413 for too many operations, 422 for an operation that can't be done.</returns>
    public static Patched Apply(JsonObject target, JsonArray operations)
    {
        if (operations.Count > MostOperations)
            return new Refusal(413, "RequestEntityTooLarge", $"The allowed maximum operations in a JSON patch is {MostOperations}, got {operations.Count}");
        JsonNode? root = target.DeepClone();
        foreach (var item in operations)
        {
            if (item is not JsonObject operation) return Refusal.BadRequest($"json: cannot unmarshal {Words.Go(item)} into Go value of type jsonpatch.Operation");
            if (Do(ref root, operation) is { } problem) return Patched.Unprocessable(problem);
        }
        return root is JsonObject made ? made : Patched.Unprocessable("the patch replaces the object by something else");
    }

    /// <returns>What is wrong, in the words of upstream's library, or null.</returns>
    static string? Do(ref JsonNode? root, JsonObject operation)
    {
        var op = Text(operation, "op");
        var path = Text(operation, "path");
        if (op is null or not ("add" or "remove" or "replace" or "move" or "copy" or "test")) return $"Unexpected kind: {op ?? "unknown"}";
        if (path is null || JsonPointer.Steps(path) is not { } steps) return $"{op} operation does not apply: doc is missing path: \"{path}\": missing value";
        var has = operation.TryGetPropertyValue("value", out var value);
        if (op is "add" or "replace" && !has) return $"{op} operation does not apply: missing value";
        if (op is "move" or "copy") return Carry(ref root, op, operation, path, steps);
        return op switch
        {
            "add" => Add(ref root, steps, path, value?.DeepClone()),
            "replace" => Replace(ref root, steps, path, value?.DeepClone()),
            "remove" => Remove(root, steps, path, out _),
            _ => Find(root, steps, out var found) && JsonNode.DeepEquals(found, value) || !Find(root, steps, out _) && has && value is null ? null : $"testing value {path} failed: test failed",
        };
    }

    static string? Carry(ref JsonNode? root, string op, JsonObject operation, string path, string[] to)
    {
        var source = Text(operation, "from");
        if (source is null || JsonPointer.Steps(source) is not { } from) return $"{op} operation does not apply: doc is missing from path: \"{source}\": missing value";
        JsonNode? value;
        if (op == "copy")
        {
            if (!Find(root, from, out value)) return $"copy operation does not apply: doc is missing from path: \"{source}\": missing value";
            value = value?.DeepClone();
        }
        else
        {
            if (from.Length < to.Length && to.AsSpan(0, from.Length).SequenceEqual(from)) return $"move operation does not apply: \"{path}\" is inside of \"{source}\"";
            if (Remove(root, from, source, out value) is not null) return $"move operation does not apply: doc is missing from path: \"{source}\": missing value";
        }
        return Add(ref root, to, path, value);
    }

    static string? Add(ref JsonNode? root, string[] steps, string path, JsonNode? value)
    {
        if (steps.Length == 0)
        {
            root = value;
            return null;
        }
        if (!Find(root, steps.AsSpan(0, steps.Length - 1), out var parent)) return $"add operation does not apply: doc is missing path: \"{path}\": missing value";
        if (parent is JsonObject fields) fields[steps[^1]] = value;
        else if (parent is JsonArray items)
        {
            if (steps[^1] == "-") items.Add(value);
            else if (Place(steps[^1], items.Count + 1) is { } index) items.Insert(index, value);
            else return $"add operation does not apply: doc is missing path: \"{path}\": invalid index referenced";
        }
        else return $"add operation does not apply: doc is missing path: \"{path}\": missing value";
        return null;
    }

    static string? Replace(ref JsonNode? root, string[] steps, string path, JsonNode? value)
    {
        if (!Find(root, steps, out _)) return $"replace operation does not apply: doc is missing key: {path}: missing value";
        if (steps.Length == 0) root = value;
        else if (Find(root, steps.AsSpan(0, steps.Length - 1), out var parent) && parent is JsonObject fields) fields[steps[^1]] = value;
        else if (parent is JsonArray items && Place(steps[^1], items.Count) is { } index) items[index] = value;
        return null;
    }

    static string? Remove(JsonNode? root, string[] steps, string path, out JsonNode? removed)
    {
        removed = null;
        if (steps.Length == 0 || !Find(root, steps, out removed)) return $"remove operation does not apply: doc is missing path: \"{path}\": missing value";
        Find(root, steps.AsSpan(0, steps.Length - 1), out var parent);
        if (parent is JsonObject fields) fields.Remove(steps[^1]);
        else if (parent is JsonArray items && Place(steps[^1], items.Count) is { } index) items.RemoveAt(index);
        return null;
    }

    static bool Find(JsonNode? node, ReadOnlySpan<string> steps, out JsonNode? found)
    {
        found = node;
        foreach (var step in steps)
        {
            if (found is JsonObject fields && fields.TryGetPropertyValue(step, out var value)) found = value;
            else if (found is JsonArray items && Place(step, items.Count) is { } index) found = items[index];
            else return false;
        }
        return true;
    }

    /// <summary>A position below <paramref name="count"/>; like upstream's library, negative ones count from the end.</summary>
    static int? Place(string step, int count)
    {
        var negative = step.Length > 1 && step[0] == '-';
        if (!JsonPointer.Index(negative ? step[1..] : step, out var index)) return null;
        if (negative) index = count - index;
        return index >= 0 && index < count ? index : null;
    }

    static string? Text(JsonObject operation, string name) =>
        operation.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

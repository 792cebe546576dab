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
        if (op is not ("add" or "remove" or "replace" or "move" or "copy" or "test")) return $"Unexpected kind: {op ?? "unknown"}";
        if (Text(operation, "path") is not { } path) return $"{op} operation failed to decode path: missing value";
        if (JsonPointer.Steps(path) is not { } steps) return $"{op} operation does not apply: path \"{path}\" must begin with a slash";
        operation.TryGetPropertyValue("value", out var value);
        return op switch
        {
            "add" => Add(ref root, op, steps, path, value?.DeepClone()),
            "replace" => Replace(ref root, steps, path, value?.DeepClone()),
            "remove" => Remove(root, op, steps, path, out _),
            "test" => Test(root, steps, path, value),
            _ => Carry(ref root, op, operation, path, steps),
        };
    }

    /// <summary>An absent field equals null, as upstream has it.</summary>
    static string? Test(JsonNode? root, string[] steps, string path, JsonNode? value) =>
        JsonNode.DeepEquals(Find(root, steps, out var found) ? found : null, value) ? null : $"testing value {path} failed: test failed";

    static string? Carry(ref JsonNode? root, string op, JsonObject operation, string path, string[] to)
    {
        if (Text(operation, "from") is not { } source) return $"{op} operation failed to decode from: missing value";
        if (JsonPointer.Steps(source) is not { } from) return $"{op} operation does not apply: from \"{source}\" must begin with a slash";
        JsonNode? value;
        if (op == "copy")
        {
            var there = Find(root, from, out value);
            if (!there && !(from.Length > 0 && Find(root, from.AsSpan(0, from.Length - 1), out var parent) && parent is JsonObject))
                return $"copy operation does not apply: doc is missing from path: \"{source}\": missing value";
            value = there ? value?.DeepClone() : null; // an absent field is copied as null, as upstream does
        }
        else
        {
            if (from.Length < to.Length && to.AsSpan(0, from.Length).SequenceEqual(from)) return $"move operation does not apply: \"{path}\" is inside of \"{source}\"";
            if (Remove(root, op, from, source, out value) is { } problem) return problem;
        }
        return Add(ref root, op, to, path, value);
    }

    static string? Add(ref JsonNode? root, string op, string[] steps, string path, JsonNode? value)
    {
        if (steps.Length == 0)
        {
            root = value;
            return null;
        }
        if (!Find(root, steps.AsSpan(0, steps.Length - 1), out var parent)) return Missing(op, path);
        if (parent is JsonObject fields) fields[steps[^1]] = value;
        else if (parent is JsonArray items)
        {
            if (steps[^1] == "-") items.Add(value);
            else if (Place(steps[^1], items.Count + 1) is { } index) items.Insert(index, value);
            else return $"error in {op} for path: '{path}': Unable to access invalid index: {steps[^1]}: invalid index referenced";
        }
        else return Missing(op, path);
        return null;
    }

    static string Missing(string op, string path) => $"{op} operation does not apply: doc is missing path: \"{path}\": missing value";

    /// <summary>Like upstream's library, replacing an absent field adds it.</summary>
    static string? Replace(ref JsonNode? root, string[] steps, string path, JsonNode? value)
    {
        if (steps.Length == 0) root = value;
        else if (!Find(root, steps.AsSpan(0, steps.Length - 1), out var parent)) return $"replace operation does not apply: doc is missing path: {path}: missing value";
        else if (parent is JsonObject fields) fields[steps[^1]] = value;
        else if (parent is JsonArray items && Place(steps[^1], items.Count) is { } index) items[index] = value;
        else return $"replace operation does not apply: doc is missing key: {path}: missing value";
        return null;
    }

    static string? Remove(JsonNode? root, string op, string[] steps, string path, out JsonNode? removed)
    {
        removed = null;
        if (steps.Length == 0 || !Find(root, steps.AsSpan(0, steps.Length - 1), out var parent)) return Missing(op, path);
        if (parent is JsonObject fields)
        {
            if (!fields.Remove(steps[^1], out removed)) return $"error in {op} for path: '{(op == "remove" ? path : steps[^1])}': Unable to remove nonexistent key: {steps[^1]}: missing value";
            return null;
        }
        if (parent is not JsonArray items) return Missing(op, path);
        if (Place(steps[^1], items.Count) is not { } index) return $"error in {op} for path: '{path}': Unable to access invalid index: {steps[^1]}: invalid index referenced";
        removed = items[index];
        items.RemoveAt(index);
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

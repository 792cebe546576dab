using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Objects;

namespace Kennel.Controllers.Volumes;

/// <summary>Merge patches that hold only for the object that was seen.</summary>
public static class Merge
{
    static readonly JsonSerializerOptions _writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A patch of an object by its uid, and by its revision when <paramref name="unchanged"/>: refused when it is another one by now.</summary>
    public static Step.Patch Patch<T>(T seen, JsonObject patch, string? subresource = null, bool unchanged = false) where T : class, IObject<T>
    {
        if (patch["metadata"] is not JsonObject metadata) patch["metadata"] = metadata = [];
        metadata["uid"] = seen.Metadata.Uid;
        if (unchanged) metadata["resourceVersion"] = seen.Metadata.ResourceVersion;
        return new(T.Resource, ObjectKey.Of(seen), patch.ToJsonString(_writing), subresource);
    }

    public static Step.Patch Status<T>(T seen, JsonObject status) where T : class, IObject<T> =>
        Patch(seen, new JsonObject { ["status"] = status }, "status");

    /// <summary>Replaces the finalizers without one of them.</summary>
    public static Step.Patch WithoutFinalizer<T>(T seen, string finalizer) where T : class, IObject<T> =>
        Finalizers(seen, seen.Metadata.Finalizers.Where(f => f != finalizer));

    public static Step.Patch WithFinalizer<T>(T seen, string finalizer) where T : class, IObject<T> =>
        Finalizers(seen, seen.Metadata.Finalizers.Append(finalizer));

    static Step.Patch Finalizers<T>(T seen, IEnumerable<string> finalizers) where T : class, IObject<T>
    {
        var left = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]);
        return Patch(seen, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = left.Count == 0 ? null : left } }, unchanged: true);
    }
}

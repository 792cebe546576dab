using System.Text.Json.Nodes;
using Kennel.Server.Answers;
using Kennel.Server.Bodies;

namespace Kennel.Server.Writing;

/// <summary>An object changed in part: JSON patch, merge patch, strategic merge patch, apply.</summary>
static class Patch
{
    public const string Json = "application/json-patch+json";
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string Applying = "application/apply-patch+yaml";

    public static bool IsApply(Call call) => Body.MediaType(call.Request.ContentType) is Applying or "application/apply-patch+json";

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        if (IsApply(call)) return await Apply.Handle(call, cancel);
        var patch = PatchBody.Read(call);
        if (patch.Refusal is { } unreadable) return unreadable;
        var result = await Commit.Change(call, live => Propose(call, live, patch.Value), cancel);
        return result.Refusal is { } refusal ? refusal : Encode.Object(call, result.Value);
    }

    static Result<Proposal> Propose(Call call, JsonObject live, PatchBody patch)
    {
        var target = live;
        if (call.View is { } view) view.Show(target = live.DeepClone().AsObject(), call.Asked.ApiVersion);
        var read = patch.ApplyTo(target, call.Asked.Schema, call);
        if (read.Refusal is { } wrong) return wrong;
        call.View?.ToStored(read.Value);
        if (patch.Node is JsonObject merge && merge.Object("metadata")?["resourceVersion"] is null && read.Value.Object("metadata") is { } metadata)
            metadata.Remove("resourceVersion"); // what the patch doesn't say comes from the live object and pins nothing
        return Names.Check(call.Route.Name, read.Value.Metadata()) is { } another ? another : new Proposal(read.Value);
    }
}

using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Server.Routing;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>Every pod runs as a service account, which gives it a token and the names of secrets for pulling images.</summary>
sealed class PodServiceAccount : IAdmission
{
    public const string Default = "default";

    const string Mirror = "kubernetes.io/config.mirror";

    public string Name => "ServiceAccount";

    public async ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Creating || !admitting.Is("", "Pod")) return null;
        var (call, spec) = (admitting.Call, admitting.Next.Child("spec"));
        if (admitting.Next.Metadata().Object("annotations")?.ContainsKey(Mirror) == true) return CheckMirror(admitting, spec);
        var name = spec.Text("serviceAccountName") is { Length: > 0 } given ? given : spec.Text("serviceAccount") is { Length: > 0 } old ? old : Default;
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        var type = call.Parts.Catalog.Find("", "v1", "serviceaccounts")!;
        var entry = await call.Parts.Store.Get(Route.KeyOf(type, call.Route.Namespace, name), cancel);
        // The default account is made with its namespace; if somebody deletes it, its controller is about to make it anew.
        if (entry is null && name != Default) return admitting.Forbid($"error looking up service account {call.Route.Namespace}/{name}: serviceaccount \"{name}\" not found");
        Complete(spec, entry is null ? default : entry.Value, call.Parts.Random);
        return null;
    }

    static void Complete(JsonObject spec, ReadOnlyMemory<byte> stored, Random random)
    {
        // Few accounts say anything: most need no look at their tree.
        var account = stored.Span.IndexOf("\"imagePullSecrets\""u8) >= 0 || stored.Span.IndexOf("\"automountServiceAccountToken\""u8) >= 0 ? Stored.Parse(stored) : null;
        if ((spec["automountServiceAccountToken"] ?? account?["automountServiceAccountToken"])?.GetValue<bool>() != false) TokenVolume.Mount(spec, random);
        if (spec["imagePullSecrets"] is not JsonArray { Count: > 0 } && account?["imagePullSecrets"] is JsonArray { Count: > 0 } secrets) spec["imagePullSecrets"] = secrets.DeepClone();
    }

    /// <summary>The image of a pod that a node runs by itself is told to the API and asks nothing of it.</summary>
    static Refusal? CheckMirror(Admitting admitting, JsonObject spec) =>
        spec.Text("serviceAccountName").Length > 0 ? admitting.Forbid("a mirror pod may not reference service accounts")
        : spec.Objects("volumes").Any(v => v["secret"] is not null) ? admitting.Forbid("a mirror pod may not reference secrets")
        : spec.Objects("volumes").Any(v => v.Object("projected").Objects("sources").Any(s => s["serviceAccountToken"] is not null)) ? admitting.Forbid("a mirror pod may not use ServiceAccountToken volume projections")
        : null;
}

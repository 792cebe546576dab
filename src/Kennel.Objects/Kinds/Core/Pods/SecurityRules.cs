using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>Security contexts of pods and containers.</summary>
static class SecurityRules
{
    const string IdRange = "must be between 0 and 2147483647, inclusive";

    public static void CheckPod(JsonObject? context, At at, Errors errors)
    {
        if (context is null || context.Count == 0) return;
        CheckIds(context, at, errors);
        if (context.Int("fsGroup") is < 0 or > int.MaxValue) errors.Invalid(at["fsGroup"], context.Int("fsGroup"), IdRange);
        if (context.List("supplementalGroups") is { } groups)
        {
            for (var i = 0; i < groups.Count; i++)
                if (groups[i].AsInt() is < 0 or > int.MaxValue) errors.Invalid(at["supplementalGroups"][i], groups[i], IdRange);
        }
        if (context.Has("fsGroupChangePolicy")) errors.OneOf(at["fsGroupChangePolicy"], context.Text("fsGroupChangePolicy"), "Always", "OnRootMismatch");
        CheckSeccomp(context.Obj("seccompProfile"), at["seccompProfile"], errors);
    }

    public static void CheckContainer(JsonObject? context, At at, Errors errors)
    {
        if (context is null || context.Count == 0) return;
        CheckIds(context, at, errors);
        if (context.Has("procMount")) errors.OneOf(at["procMount"], context.Text("procMount"), "Default", "Unmasked");
        CheckSeccomp(context.Obj("seccompProfile"), at["seccompProfile"], errors);
        if (context.Bool("allowPrivilegeEscalation") != false) return;
        if (context.Bool("privileged") == true) errors.Invalid(at, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        if (context.Obj("capabilities").List("add") is { } added && added.Any(c => c.AsText() is "CAP_SYS_ADMIN"))
            errors.Invalid(at, context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }

    static void CheckIds(JsonObject context, At at, Errors errors)
    {
        if (context.Int("runAsUser") is < 0 or > int.MaxValue) errors.Invalid(at["runAsUser"], context.Int("runAsUser"), IdRange);
        if (context.Int("runAsGroup") is < 0 or > int.MaxValue) errors.Invalid(at["runAsGroup"], context.Int("runAsGroup"), IdRange);
    }

    static void CheckSeccomp(JsonObject? profile, At at, Errors errors)
    {
        if (profile is null) return;
        var (type, file) = (profile.Text("type"), profile.Text("localhostProfile"));
        if (type is null or "") errors.Required(at["type"], "type is required when seccompProfile is set");
        else if (type is not ("Localhost" or "RuntimeDefault" or "Unconfined")) errors.NotSupported(at["type"], type, "Localhost", "RuntimeDefault", "Unconfined");
        if (type == "Localhost" && file is null) errors.Required(at["localhostProfile"], "must be set when seccomp type is Localhost");
        if (type != "Localhost" && file is not null) errors.Invalid(at["localhostProfile"], profile, "can only be set when seccomp type is Localhost");
        if (type == "Localhost" && file is not null) VolumePaths.CheckDescending(file, at["localhostProfile"], errors);
    }
}

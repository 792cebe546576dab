using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>A container's security settings, with the pod's where it has none of its own.</summary>
public static class Security
{
    public static SecuritySpec Of(PodSpec pod, Container container)
    {
        var all = pod.SecurityContext ?? PodSecurityContext.Empty;
        var own = container.SecurityContext ?? SecurityContext.Empty;
        IReadOnlyList<long> groups = all.FsGroup is { } fs ? [fs, .. all.SupplementalGroups] : all.SupplementalGroups;
        return new(
            own.Privileged == true, own.RunAsUser ?? all.RunAsUser, null, own.RunAsGroup ?? all.RunAsGroup, groups,
            own.ReadOnlyRootFilesystem == true, own.AllowPrivilegeEscalation == false, own.Capabilities?.Add ?? [], own.Capabilities?.Drop ?? [],
            Seccomp(own.SeccompProfile ?? all.SeccompProfile), UnmaskedProc: own.ProcMount == "Unmasked");
    }

    /// <summary>Why a container that must not run as root can't be started, or null.</summary>
    public static string? Forbids(Observed o, Container container, ImageState? image)
    {
        if ((container.SecurityContext?.RunAsNonRoot ?? o.Spec.SecurityContext?.RunAsNonRoot) != true) return null;
        var user = container.SecurityContext?.RunAsUser ?? o.Spec.SecurityContext?.RunAsUser;
        var where = $"(pod: \"{PodText.Of(o)}\", container: {container.Name})";
        if (user is { } id) return id == 0 ? $"container's runAsUser breaks non-root policy {where}" : null;
        if (image is null) return null;
        if (image.User is { } own) return own == 0 ? $"container has runAsNonRoot and image will run as root {where}" : null;
        return string.IsNullOrEmpty(image.UserName)
            ? $"container has runAsNonRoot and image will run as root {where}"
            : $"container has runAsNonRoot and image has non-numeric user ({image.UserName}), cannot verify user is non-root {where}";
    }

    static string Seccomp(SeccompProfile? profile) => profile?.Type switch
    {
        "RuntimeDefault" => "RuntimeDefault",
        "Localhost" => $"Localhost/{profile.LocalhostProfile}",
        _ => "Unconfined",
    };
}

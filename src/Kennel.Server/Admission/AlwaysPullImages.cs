using Kennel.Objects.Refusals;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission;

/// <summary>Off by default. Every image is asked for at its registry, so that nobody runs one that only another may have.</summary>
sealed class AlwaysPullImages : IAdmission
{
    public string Name => "AlwaysPullImages";

    public ValueTask<Refusal?> Admit(Admitting admitting, CancellationToken cancel)
    {
        if (!admitting.Is("", "Pod") || !(admitting.Creating && admitting.Call.Route.Subresource.Length == 0 || admitting.Call.Route.Subresource == "ephemeralcontainers")) return default;
        var spec = admitting.Next.Object("spec");
        foreach (var list in (string[])["initContainers", "containers", "ephemeralContainers"])
            foreach (var container in spec.Objects(list)) container["imagePullPolicy"] = "Always";
        return default;
    }
}

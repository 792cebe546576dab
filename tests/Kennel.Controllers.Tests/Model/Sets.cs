using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Model;

/// <summary>Sets as the API stores them: defaulted.</summary>
public static class Sets
{
    public static PodTemplateSpec Template(string image = "one", string app = "web") => new()
    {
        Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = app } },
        Spec = new() { Containers = [new() { Name = "c", Image = image }] },
    };

    public static StatefulSet Web(int replicas = 3, bool parallel = false, bool claims = false) => new()
    {
        Metadata = new() { Name = "web", Namespace = "default" },
        Spec = new()
        {
            Replicas = replicas,
            PodManagementPolicy = parallel ? "Parallel" : "OrderedReady",
            ServiceName = "svc",
            RevisionHistoryLimit = 10,
            Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            Template = Template(),
            UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0 } },
            VolumeClaimTemplates = !claims ? [] : [new() { Metadata = new() { Name = "data" }, Spec = new() { AccessModes = ["ReadWriteOnce"] } }],
        },
    };

    public static StatefulSet With(this StatefulSet set, Func<StatefulSetSpec, StatefulSetSpec> change) =>
        set with { Spec = change(set.Spec!), Metadata = set.Metadata with { Generation = (set.Metadata.Generation ?? 0) + 1 } };
}

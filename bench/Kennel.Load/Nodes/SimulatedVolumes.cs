using System.Text.Json.Nodes;

namespace Kennel.Load.Nodes;

/// <summary>A storage class whose volumes are there at once and hold nothing, for servers without a provisioner.</summary>
internal sealed class SimulatedVolumes(Api api)
{
    public const string Class = "kennel-load";
    private const string Provisioner = "load.kennel.dev/simulated";

    private readonly HashSet<string> _handled = new(StringComparer.Ordinal);

    public Task Register(CancellationToken cancel) => api.Need(HttpMethod.Post, "/apis/storage.k8s.io/v1/storageclasses", new JsonObject
    {
        ["apiVersion"] = "storage.k8s.io/v1",
        ["kind"] = "StorageClass",
        ["metadata"] = new JsonObject { ["name"] = Class },
        ["provisioner"] = Provisioner,
        ["volumeBindingMode"] = "Immediate",
    }, also: 409, cancel: cancel);

    public Task Run(CancellationToken cancel) => Task.WhenAll(
        Until.Forever(api, "/api/v1/persistentvolumeclaims", claim => Provision(claim, cancel), cancel),
        Until.Forever(api, "/api/v1/persistentvolumes", volume => Remove(volume, cancel), cancel));

    private Task Provision(JsonObject claim, CancellationToken cancel)
    {
        var (spec, meta) = (claim["spec"]!, claim["metadata"]!);
        if ((string?)spec["storageClassName"] != Class || spec["volumeName"] is not null || !_handled.Add(Until.Uid(claim))) return Task.CompletedTask;
        return api.Need(HttpMethod.Post, "/api/v1/persistentvolumes", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolume",
            ["metadata"] = new JsonObject
            {
                ["name"] = "load-" + Until.Uid(claim),
                ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = Provisioner },
            },
            ["spec"] = new JsonObject
            {
                ["storageClassName"] = Class,
                ["persistentVolumeReclaimPolicy"] = "Delete",
                ["accessModes"] = spec["accessModes"]!.DeepClone(),
                ["capacity"] = spec["resources"]!["requests"]!.DeepClone(),
                ["claimRef"] = new JsonObject
                {
                    ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["namespace"] = (string)meta["namespace"]!, ["name"] = (string)meta["name"]!, ["uid"] = Until.Uid(claim),
                },
                ["hostPath"] = new JsonObject { ["path"] = "/tmp/kennel-load" },
            },
        }, also: 409, cancel: cancel);
    }

    private Task Remove(JsonObject volume, CancellationToken cancel)
    {
        if ((string?)volume["spec"]!["storageClassName"] != Class || (string?)volume["status"]?["phase"] != "Released") return Task.CompletedTask;
        return _handled.Add(Until.Uid(volume)) ? api.Need(HttpMethod.Delete, $"/api/v1/persistentvolumes/{(string)volume["metadata"]!["name"]!}", also: 404, cancel: cancel) : Task.CompletedTask;
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Kennel.Server.Admission;

namespace Kennel.Server.Bootstrap;

/// <summary>What every cluster has from the start. Made when missing; what is there stays as people left it.</summary>
public static class BootstrapObjects
{
    static readonly string[] s_namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

    /// <param name="serviceRange">As the pipeline's.</param>
    /// <param name="api">Where pods reach the API server, behind the Service <c>kubernetes</c>; null when they can't.</param>
    /// <exception cref="InvalidOperationException">An object could not be made; the message says why.</exception>
    public static async ValueTask Ensure(Pipeline pipeline, IPNetwork serviceRange, IPEndPoint? api, CancellationToken cancel = default)
    {
        foreach (var space in s_namespaces) await Make(pipeline, "/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{space}}}"}}""", cancel);
        await Make(pipeline, "/apis/scheduling.k8s.io/v1/priorityclasses",
            """{"metadata":{"name":"system-cluster-critical"},"value":2000000000,"description":"Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."}""", cancel);
        await Make(pipeline, "/apis/scheduling.k8s.io/v1/priorityclasses",
            """{"metadata":{"name":"system-node-critical"},"value":2000001000,"description":"Used for system critical pods that must not be moved from their current node."}""", cancel);
        await Make(pipeline, "/apis/storage.k8s.io/v1/storageclasses",
            """{"metadata":{"name":"local-path","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"rancher.io/local-path","reclaimPolicy":"Delete","volumeBindingMode":"WaitForFirstConsumer"}""", cancel);
        await EnsureApiService(pipeline, serviceRange, api, cancel);
        await RoleObjects.Ensure(pipeline, cancel);
    }

    static async ValueTask EnsureApiService(Pipeline pipeline, IPNetwork range, IPEndPoint? api, CancellationToken cancel)
    {
        const string Collection = "/api/v1/namespaces/default";
        const string Labels = "\"labels\":{\"component\":\"apiserver\",\"provider\":\"kubernetes\"}";
        var port = api?.Port ?? 6443;
        await Make(pipeline, $"{Collection}/services",
            $$$"""{"metadata":{"name":"kubernetes",{{{Labels}}}},"spec":{"type":"ClusterIP","clusterIP":"{{{ServiceAddresses.ApiAddress(range)}}}","ports":[{"name":"https","port":443,"protocol":"TCP","targetPort":{{{port}}}}]}}""", cancel);
        if (api is null) return;
        await Make(pipeline, $"{Collection}/endpoints",
            $$$"""{"metadata":{"name":"kubernetes","labels":{"endpointslice.kubernetes.io/skip-mirror":"true"}},"subsets":[{"addresses":[{"ip":"{{{api.Address}}}"}],"ports":[{"name":"https","port":{{{port}}},"protocol":"TCP"}]}]}""", cancel, replace: true);
        await Make(pipeline, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            $$$"""{"metadata":{"name":"kubernetes","labels":{"kubernetes.io/service-name":"kubernetes"}},"addressType":"IPv4","endpoints":[{"addresses":["{{{api.Address}}}"],"conditions":{"ready":true,"serving":true,"terminating":false}}],"ports":[{"name":"https","port":{{{port}}},"protocol":"TCP"}]}""", cancel, replace: true);
    }

    /// <param name="replace">An address may have changed since the last start.</param>
    static async ValueTask Make(Pipeline pipeline, string collection, string json, CancellationToken cancel, bool replace = false)
    {
        var path = $"{collection}/{NameIn(json)}";
        // Looked up first: creating again what has an address of its own would be refused for the address, not for the name.
        var there = (await Send(pipeline, "GET", path, "", cancel)).Status == 200;
        if (there && !replace) return;
        var made = there ? await Send(pipeline, "PUT", path, json, cancel) : await Send(pipeline, "POST", collection, json, cancel);
        if (made.Status >= 300) throw new InvalidOperationException($"{collection}: {Encoding.UTF8.GetString(made.Body.Span)}");
    }

    static string NameIn(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("metadata").GetProperty("name").GetString()!;
    }

    static async ValueTask<Answer> Send(Pipeline pipeline, string method, string path, string json, CancellationToken cancel) =>
        (Answer)await pipeline.Handle(new ApiRequest(method, path, "", User.Loopback) { Body = Encoding.UTF8.GetBytes(json), UserAgent = "kube-apiserver", Id = "bootstrap" }, cancel);
}

using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ServiceAccounts;

/// <summary>Keeps the certificate of the server's authority in every namespace, as the ConfigMap kube-root-ca.crt. Keys are namespaces.</summary>
/// <param name="authorityPem">What the ConfigMap shall hold.</param>
public sealed class AuthorityPublisher(ICaches caches, string authorityPem) : IController
{
    const string Map = "kube-root-ca.crt";
    const string Key = "ca.crt";
    const string Description = "kubernetes.io/description";
    const string About = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. "
        + "No other usage is guaranteed across distributions of Kubernetes clusters.";

    readonly ICache<Namespace> _namespaces = caches.Of<Namespace>();
    readonly ICache<ConfigMap> _maps = caches.Of<ConfigMap>();

    public string Name => "root-ca-certificate-publisher";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Namespace>((_, after) => after is null ? [] : [ObjectKey.Of(after)]);
        triggers.On<ConfigMap>((before, after) => (after ?? before)!.Metadata is { Name: Map } metadata ? [new("", metadata.Namespace!)] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment) => Decide(_namespaces.Get(key), _maps.Get(new(key.Name, Map)), authorityPem);

    public static Decision Decide(Namespace? space, ConfigMap? map, string authorityPem)
    {
        if (space is null || space.Metadata.DeletionTimestamp is not null) return Decision.Nothing;
        var data = new Dictionary<string, string> { [Key] = authorityPem };
        if (map is null)
            return new([new Step.Create(new ConfigMap
            {
                Metadata = new() { Name = Map, Namespace = space.Metadata.Name, Annotations = new Dictionary<string, string> { [Description] = About } }, Data = data,
            }, AlreadyThereIsFine: true)]);
        if (map.Data.Count == 1 && map.Data.GetValueOrDefault(Key) == authorityPem && map.Metadata.Annotations.ContainsKey(Description)) return Decision.Nothing;
        var annotations = new SortedDictionary<string, string>(map.Metadata.Annotations.ToDictionary(), StringComparer.Ordinal) { [Description] = About };
        return new([new Step.Update(map with { Metadata = map.Metadata with { Annotations = annotations }, Data = data })]);
    }
}

using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Volumes.LocalPath;

/// <summary>Provisions directories as volumes; see <see cref="Provision"/>.</summary>
public sealed class Provisioner : IController
{
    readonly ICache<PersistentVolumeClaim> _claims;
    readonly ICache<PersistentVolume> _volumes;
    readonly ICache<StorageClass> _classes;
    readonly ICache<Node> _nodes;
    readonly LocalPathOptions _options;

    public Provisioner(ICaches caches, LocalPathOptions options)
    {
        _claims = caches.Of<PersistentVolumeClaim>();
        _volumes = caches.Of<PersistentVolume>();
        _classes = caches.Of<StorageClass>();
        _nodes = caches.Of<Node>();
        _options = options;
        Indexes.Add(caches);
    }

    public string Name => Provision.RancherName;

    public void Watch(ITriggers triggers)
    {
        triggers.On<PersistentVolumeClaim>((before, after) => (after ?? before) is { } c && c.VolumeName.Length == 0 && c.Class.Length > 0 ? [ObjectKey.Of(c)] : []);
        triggers.On<StorageClass>((_, after) => after is null ? [] : _claims.Unbound(after.Metadata.Name!).Select(c => ObjectKey.Of(c)));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_claims.Get(key) is not { } claim) return Decision.Nothing;
        var kind = claim.Class.Length > 0 ? _classes.Get(new("", claim.Class)) : null;
        var node = claim.Annotation(Marks.SelectedNode) is { } name ? _nodes.Get(new("", name)) : null;
        var there = _volumes.Get(new("", Provision.VolumeName(claim))) is not null;
        return Provision.Decide(new(claim, kind, node, there, _options));
    }
}

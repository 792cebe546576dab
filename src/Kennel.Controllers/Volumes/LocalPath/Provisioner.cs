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
        triggers.On<PersistentVolumeClaim>((before, after) => (after ?? before) is { } c ? Concerned(c) : []);
        triggers.On<StorageClass>((_, after) => after is null ? [] : _claims.Unbound(after.Metadata.Name!).Select(c => ObjectKey.Of(c)));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_claims.Get(key) is not { } claim) return Decision.Nothing;
        var kind = claim.Class.Length > 0 ? _classes.Get(new("", claim.Class)) : null;
        var node = claim.Annotation(Marks.SelectedNode) is { } name ? _nodes.Get(new("", name)) : null;
        var there = _volumes.Get(new("", Provision.VolumeName(claim))) is not null;
        return Provision.Decide(new(claim, kind, node, there, _options, Source(claim)));
    }

    Source? Source(PersistentVolumeClaim claim)
    {
        if (LocalPath.Source.ClonedClaim(claim) is not { } name) return null;
        var source = _claims.Get(new(claim.Metadata.Namespace ?? "", name));
        return new(source, source?.VolumeName is { Length: > 0 } volume ? _volumes.Get(new("", volume)) : null);
    }

    /// <summary>The claim itself while it has no volume, and those that are to be clones of it.</summary>
    IEnumerable<ObjectKey> Concerned(PersistentVolumeClaim claim)
    {
        var clones = _claims.ClonesOf(ObjectKey.Of(claim)).Select(c => ObjectKey.Of(c));
        return claim.VolumeName.Length == 0 && claim.Class.Length > 0 ? clones.Prepend(ObjectKey.Of(claim)) : clones;
    }
}

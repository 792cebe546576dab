namespace Kennel.Controllers.Volumes;

/// <summary>Annotations, finalizers and phases that the volume controllers write and read, as upstream spells them.</summary>
public static class Marks
{
    public const string BindCompleted = "pv.kubernetes.io/bind-completed";
    public const string BoundByController = "pv.kubernetes.io/bound-by-controller";
    public const string ProvisionedBy = "pv.kubernetes.io/provisioned-by";
    public const string SelectedNode = "volume.kubernetes.io/selected-node";
    public const string Provisioner = "volume.kubernetes.io/storage-provisioner";
    public const string BetaProvisioner = "volume.beta.kubernetes.io/storage-provisioner";
    public const string BetaClass = "volume.beta.kubernetes.io/storage-class";
    public const string DefaultClass = "storageclass.kubernetes.io/is-default-class";
    public const string BetaDefaultClass = "storageclass.beta.kubernetes.io/is-default-class";

    public const string ClaimProtection = "kubernetes.io/pvc-protection";
    public const string VolumeProtection = "kubernetes.io/pv-protection";

    public const string NoProvisioner = "kubernetes.io/no-provisioner";

    public const string HostName = "kubernetes.io/hostname";

    public const string Pending = "Pending";
    public const string Available = "Available";
    public const string Bound = "Bound";
    public const string Released = "Released";
    public const string Failed = "Failed";
    public const string Lost = "Lost";

    /// <summary>A claim without a home is looked at again this often, as upstream's resync does.</summary>
    public static readonly TimeSpan Resync = TimeSpan.FromSeconds(15);

    /// <summary>Within it a claim is usually bound. Creation times are whole seconds: it is one to two of them.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
}

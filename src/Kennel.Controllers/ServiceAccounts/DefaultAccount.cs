using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ServiceAccounts;

/// <summary>Keeps a service account <c>default</c> in every namespace; the server makes it together with the namespace. Keys are namespaces.</summary>
public sealed class DefaultAccount(ICaches caches) : IController
{
    const string Default = "default";

    readonly ICache<Namespace> _namespaces = caches.Of<Namespace>();
    readonly ICache<ServiceAccount> _accounts = caches.Of<ServiceAccount>();

    public string Name => "service-account-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Namespace>((_, after) => after is null ? [] : [ObjectKey.Of(after)]);
        triggers.On<ServiceAccount>((before, after) => after is null && before!.Metadata.Name == Default ? [new("", before.Metadata.Namespace!)] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment) => Decide(_namespaces.Get(key), _accounts.Get(new(key.Name, Default)));

    public static Decision Decide(Namespace? space, ServiceAccount? account) =>
        space is null || space.Metadata.DeletionTimestamp is not null || account is not null
            ? Decision.Nothing
            : new([new Step.Create(new ServiceAccount { Metadata = new() { Name = Default, Namespace = space.Metadata.Name } }, AlreadyThereIsFine: true)]);
}

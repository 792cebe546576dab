using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Objects;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>Lets a controller follow the caches without a runner: it hears of every change, and nobody is woken.</summary>
sealed class Following(Caches caches) : ITriggers
{
    public void On<T>(Func<T?, T?, IEnumerable<ObjectKey>> keys) where T : class, IObject<T> => caches.Cache<T>().Subscribe((old, now) => _ = keys(old, now).Count());
}

//! Which keys of a record are read into which fields. It knows names and types, and no record.
//! Invariant: a name stands for one field or for the id, never for two things.

use crate::error::{Error, ErrorKind, escape};
use piepowder::{Engine, Field, FieldId, FieldType, Taxonomy};
use std::sync::Arc;

/// What a column is read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Id,
    Text(FieldId),
    Number(FieldId),
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: Arc<str>,
    pub(crate) target: Target,
}

/// What a key of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Column(usize),
    /// Differs from this column in ASCII case alone.
    Case(usize),
    Unknown,
}

/// The columns that are read.
///
/// ```
/// use piepowder_io::Columns;
/// let columns = Columns::standard().renamed("title", "name")?.only(["title", "price"])?;
/// # Ok::<(), piepowder_io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Columns {
    fields: Vec<(FieldId, String, FieldType, Arc<str>)>,
    only: Option<Vec<FieldId>>,
    id: Arc<str>,
    table: Vec<Column>,
}

impl Columns {
    /// The fixed fields of a listing, under their own names, and `id`.
    pub fn standard() -> Columns {
        let fields = Field::ALL.into_iter().map(|f| {
            let kind = if f == Field::Price { FieldType::Number } else { FieldType::Text };
            (f.id(), f.name().to_owned(), kind, Arc::from(f.name()))
        });
        let mut columns = Columns { fields: fields.collect(), only: None, id: Arc::from("id"), table: Vec::new() };
        columns.rebuild().expect("the fixed names are distinct");
        columns
    }

    /// The columns with these declared fields, under their own names.
    ///
    /// # Errors
    /// A name that is there already.
    pub fn declared<'n>(mut self, fields: impl IntoIterator<Item = (FieldId, &'n str, FieldType)>) -> Result<Columns, Error> {
        self.fields.extend(fields.into_iter().map(|(id, name, kind)| (id, name.to_owned(), kind, Arc::from(name))));
        self.rebuild()?;
        Ok(self)
    }

    /// All that this engine reads: the fixed fields and those that its taxonomy declares.
    ///
    /// # Errors
    /// A declared field is called `id`; rename either.
    pub fn of(engine: &Engine, taxonomy: &Taxonomy) -> Result<Columns, Error> {
        let declared = taxonomy.fields().filter_map(|(name, kind)| Some((engine.field(name)?, name, kind)));
        Columns::standard().declared(declared)
    }

    /// Reads `field` (or `id`) from the column `name`; its own name is then a column like any unknown one.
    /// Rename with [`Columns::renamed_all`] where two fields swap names.
    ///
    /// # Errors
    /// No such field, or two fields of one column.
    pub fn renamed(self, field: &str, name: &str) -> Result<Columns, Error> {
        self.renamed_all([(field, name)])
    }

    /// Several renames at once, `(field, column)`.
    ///
    /// # Errors
    /// As for [`Columns::renamed`].
    pub fn renamed_all<'n>(mut self, renames: impl IntoIterator<Item = (&'n str, &'n str)>) -> Result<Columns, Error> {
        for (field, name) in renames {
            if field == "id" {
                self.id = Arc::from(name);
                continue;
            }
            match self.fields.iter_mut().find(|(_, own, ..)| own == field) {
                Some(entry) => entry.3 = Arc::from(name),
                None => return Err(unknown_field(field)),
            }
        }
        self.rebuild()?;
        Ok(self)
    }

    /// Reads these fields alone, beside the id; other columns are ignored, even under a known name.
    ///
    /// # Errors
    /// No such field.
    pub fn only<'n>(mut self, fields: impl IntoIterator<Item = &'n str>) -> Result<Columns, Error> {
        let find = |name: &str| self.fields.iter().find(|(_, own, ..)| own == name).map(|(id, ..)| *id).ok_or_else(|| unknown_field(name));
        let only = fields.into_iter().map(find).collect::<Result<Vec<_>, _>>()?;
        self.only = Some(only);
        self.rebuild()?;
        Ok(self)
    }

    fn rebuild(&mut self) -> Result<(), Error> {
        self.table.clear();
        self.table.push(Column { name: self.id.clone(), target: Target::Id });
        for (id, _, kind, name) in &self.fields {
            if self.only.as_ref().is_some_and(|only| !only.contains(id)) {
                continue;
            }
            let target = match kind {
                FieldType::Number => Target::Number(*id),
                _ => Target::Text(*id),
            };
            if self.table.iter().any(|c| c.name == *name) {
                return Err(Error::new(ErrorKind::Setting, format!("the column `{}` is read into two fields; give each its own", shown(name))));
            }
            self.table.push(Column { name: name.clone(), target });
        }
        Ok(())
    }

    pub(crate) fn table(&self) -> &[Column] {
        &self.table
    }

    /// Known columns are few and short: a length check rejects nearly all of them, and no hash of a hostile key is needed.
    pub(crate) fn find(&self, key: &[u8]) -> Found {
        let mut found = Found::Unknown;
        for (index, column) in self.table.iter().enumerate() {
            let name = column.name.as_bytes();
            if name.len() == key.len() && name.eq_ignore_ascii_case(key) {
                if name == key {
                    return Found::Column(index);
                }
                found = Found::Case(index);
            }
        }
        found
    }
}

impl Default for Columns {
    fn default() -> Self {
        Columns::standard()
    }
}

fn shown(name: &str) -> String {
    let mut out = String::new();
    escape(name, 80, &mut out).expect("a string takes every character");
    out
}

fn unknown_field(name: &str) -> Error {
    Error::new(ErrorKind::Setting, format!("there is no field `{}`", shown(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(columns: &Columns, key: &str) -> Option<Target> {
        match columns.find(key.as_bytes()) {
            Found::Column(i) => Some(columns.table()[i].target),
            _ => None,
        }
    }

    #[test]
    fn names_renames_and_only() {
        let all = Columns::standard();
        assert_eq!(target(&all, "id"), Some(Target::Id));
        assert_eq!(target(&all, "title"), Some(Target::Text(Field::Title.id())));
        assert_eq!(target(&all, "price"), Some(Target::Number(Field::Price.id())));
        assert_eq!(all.find(b"TITLE"), Found::Case(1));
        assert_eq!(all.find(b"url"), Found::Unknown);

        let renamed = all.clone().renamed_all([("title", "name"), ("id", "sku"), ("seller", "title")]).unwrap();
        assert_eq!(target(&renamed, "name"), Some(Target::Text(Field::Title.id())));
        assert_eq!(target(&renamed, "title"), Some(Target::Text(Field::Seller.id())));
        assert_eq!(target(&renamed, "sku"), Some(Target::Id));
        assert_eq!(target(&renamed, "id"), None);

        let only = all.only(["title"]).unwrap();
        assert_eq!(target(&only, "description"), None);
        assert_eq!(only.find(b"Description"), Found::Unknown);
    }

    #[test]
    fn contradictions_are_settings_errors() {
        for result in [
            Columns::standard().renamed("seller", "title"),
            Columns::standard().renamed("titel", "name"),
            Columns::standard().renamed("id", "title"),
            Columns::standard().only(["titel"]),
            Columns::standard().declared([(FieldId::new(12), "title", FieldType::Text)]),
        ] {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Setting);
        }
    }

    #[test]
    fn names_that_differ_in_case_are_two_columns() {
        let columns = Columns::standard().renamed("seller", "Title").unwrap();
        assert_eq!(target(&columns, "title"), Some(Target::Text(Field::Title.id())));
        assert_eq!(target(&columns, "Title"), Some(Target::Text(Field::Seller.id())));
    }
}
